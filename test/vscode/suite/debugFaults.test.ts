import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { Debuggee, hasDebugpy } from './debugging';
import { closeAll, copied, eventually, results } from './results';

const program = `import os
import time
import numpy
import torch

class Bad:
    def __repr__(self):
        raise RuntimeError('no text')

class Slow:
    def __repr__(self):
        time.sleep(10)
        return 'slow'

# Among the locals, VS Code's own view of them would have debugpy ask for its text, and answer nobody meanwhile.
slow = Slow()

def main():
    x = numpy.arange(16., dtype='float32').reshape(2, 2, 2, 2)
    grid = numpy.arange(100_000, dtype='float32').reshape(250, 4, 10, 10)
    large = numpy.zeros((5000, 1000), dtype='float32')
    endless = torch.zeros(1).expand(10**12)
    meta = torch.empty(2, 3, device='meta')
    bad = Bad()
    print('ready')  # stop
    del x
    print('deleted')  # stop
    print('next')  # stop
    os._exit(3)

main()
`;

/** Seconds that an answer may take on a busy machine. */
const patience = 60;

/** Sets a limit of what reading a program may cost: seconds or MB. */
async function limit(name: string, value: number | undefined): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('normscope.debug');
  await configuration.update(name, value, vscode.ConfigurationTarget.Global);
}

/** What the user was told instead of being shown a value. */
function told(command: string, ...args: readonly unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`normscope.${command}`, ...args);
}

describe('a paused program in which something is wrong', function () {
  this.timeout(90_000);
  let debuggee: Debuggee;

  before(async function () {
    if (!hasDebugpy()) this.skip();
    await limit('timeLimit', patience);
    debuggee = await Debuggee.start('faults.py', program, 'debugpy');
  });
  after(async () => {
    await closeAll();
    await limit('sizeLimit', undefined);
    await limit('timeLimit', undefined);
    await (debuggee as Debuggee | undefined)?.end();
  });

  for (const [expression, message] of [
    ['meta', /“meta” is not read: .*meta/],
    ['bad', /“bad” is not read: it is a Bad/],
    ['slow', /“slow” is not read: it is a Slow/],
    ['absent', /“absent” cannot be evaluated here: .*absent/],
    ['x =', /“x =”/],
  ] as const) {
    it(`says in one message why it does not show “${expression}”`, async () => {
      const begin = performance.now();
      assert.match(String(await told('inspectExpression', expression)), message);
      // No object is asked for its own text, which takes ten seconds.
      assert.ok(performance.now() - begin < 9_000);
      assert.equal(await debuggee.evaluate('x.sum()'), '120.0');
    });
  }

  it('does not read what is too large, and reads it all the same when asked to', async () => {
    await limit('sizeLimit', 16);
    const message = String(await told('inspectExpression', 'large'));
    assert.match(message, /“large”, \[5000,1000\], has 20 MB, and 16 MB is the limit/);
    assert.equal(await debuggee.evaluate('x.sum()'), '120.0');
    assert.equal(await told('liftDebugLimits'), undefined);
    const rows = (await copied('csv')).trim().split('\n');
    assert.equal(rows.length, 1 + 1000);
  });

  it('has a limit that nobody can lift: what no memory holds', async () => {
    assert.match(String(await told('inspectExpression', 'endless')), /“endless”, .* is the most/);
    assert.match(String(await told('liftDebugLimits')), /“endless”, .* has 4 TB .* is the most/);
  });

  it('stops waiting for what is slow, and waits when asked to', async () => {
    // What calls something is evaluated once, and what this calls takes two seconds.
    const late = '(time.sleep(2), x)[1]';
    await limit('timeLimit', 1);
    const message = String(await told('inspectExpression', late));
    assert.match(message, /did not answer within 1 s/);
    assert.equal(await told('liftDebugLimits'), undefined);
    const { shape } = await results();
    assert.deepEqual(shape, [2, 2, 2, 2]);
    await limit('timeLimit', patience);
  });

  it('keeps what it shows of a variable that is deleted, and says so', async () => {
    assert.equal(await told('inspectExpression', 'x'), undefined);
    await debuggee.go();
    await eventually(async () => {
      const message = String(await told('inspectExpression', 'x'));
      assert.match(message, /“x” cannot be evaluated here: .*x/);
    });
    await debuggee.go();
  });

  it('says that a program has ended which exits while it is looked at', async () => {
    assert.equal(await told('inspectExpression', 'grid'), undefined);
    const reading = told('inspectExpression', 'large');
    await vscode.commands.executeCommand('workbench.action.debug.continue');
    await eventually(() => assert.equal(vscode.debug.activeDebugSession, undefined), 30_000);
    assert.match(String(await reading), /./);
    await eventually(async () => {
      assert.match(String(await told('inspectExpression', 'grid')), /No program|paused|ended/);
    });
  });
});

describe('a debug adapter that does not know the context clipboard', function () {
  this.timeout(90_000);
  let debuggee: Debuggee;

  before(async function () {
    if (!hasDebugpy()) this.skip();
    await limit('timeLimit', patience);
    debuggee = await Debuggee.start('refusing.py', program, 'python');
  });
  after(async () => {
    await closeAll();
    await limit('timeLimit', undefined);
    await (debuggee as Debuggee | undefined)?.end();
  });

  it('has values read in parts that it does not cut', async () => {
    const begin = performance.now();
    assert.equal(await told('inspectExpression', 'grid'), undefined);
    console.log(`[suite]     0.4 MB in ${(performance.now() - begin).toFixed(0)} ms`);
    const [head = '', first = ''] = (await copied('csv')).split('\n');
    // Of ten channels the first has every tenth number.
    assert.equal(first.split(',')[head.split(',').indexOf('batch_mean')], '49995');
    assert.equal(await debuggee.evaluate('x.sum()'), '120.0');
  });
});
