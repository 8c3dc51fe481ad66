import * as assert from 'node:assert';
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Debuggee, hasDebugpy } from './debugging';
import { closeAll, eventually, panels, results, run } from './results';

const program = `import numpy
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(2, eps=0.001, momentum=0.2)

    def forward(self, x):
        y = self.bn1(x)
        return y  # stop

def main():
    net = Net()
    x = torch.arange(16.).reshape(2, 2, 2, 2)
    for step in range(3):
        x = x + step
        net(x)

main()
`;

describe('a paused Python program', function () {
  this.timeout(60_000);
  let debuggee: Debuggee;

  before(async function () {
    if (!hasDebugpy()) this.skip();
    debuggee = await Debuggee.start('net.py', program, 'debugpy');
  });
  after(async () => {
    await closeAll();
    await (debuggee as Debuggee | undefined)?.end();
  });

  it('shows a tensor that an expression names', async () => {
    const begin = performance.now();
    await run('inspectExpression', 'x');
    const { shape, convention, channels } = await results();
    console.log(`[suite]     ${(performance.now() - begin).toFixed(0)} ms`);
    assert.deepEqual(shape, [2, 2, 2, 2]);
    assert.equal(convention, 'pytorch');
    assert.deepEqual(
      channels.map(({ batchMean }) => batchMean),
      [5.5, 9.5],
    );
    assert.deepEqual(panels(), ['Batch Norm: x · net.py']);
  });

  it('follows it to the next stop', async () => {
    await debuggee.go();
    await eventually(async () => {
      const { channels } = await results();
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [6.5, 10.5],
      );
    });
  });

  it('shows a layer that a menu of the variables names', async () => {
    await run('inspectVariable', {
      sessionId: debuggee.session?.id,
      variable: { name: 'bn1', evaluateName: 'self.bn1' },
    });
    const { epsilon, momentum, flags, convention, channels } = await results();
    assert.deepEqual(
      { epsilon, momentum, convention },
      { epsilon: 0.001, momentum: 0.2, convention: 'pytorch' },
    );
    assert.deepEqual(flags, { training: true, trainable: true });
    // Two batches: 5.5·0.2, then 0.8 of it and 6.5·0.2.
    assert.ok(
      Math.abs((channels[0]?.movingMeanBefore ?? 0) - (5.5 * 0.2 * 0.8 + 6.5 * 0.2)) < 1e-6,
    );
  });

  it('runs the layer over what it is given, at the first choice', async () => {
    const open = run('chooseInput');
    await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const done = await Promise.race([open.then(() => true), wait(100)]);
      assert.equal(done, true);
    });
    await eventually(async () => {
      const { channels, epsilon } = await results();
      assert.equal(epsilon, 0.001);
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [6.5, 10.5],
      );
    });
  });

  it('follows both to the next stop', async () => {
    await debuggee.go();
    await eventually(async () => {
      const { channels } = await results();
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [8.5, 12.5],
      );
    });
  });
});
