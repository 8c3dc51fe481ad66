import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { Debuggee, hasDebugpy } from './debugging';
import { closeAll, eventually, panels, run } from './results';

const program = `import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm1d(2, momentum=0.5)

def main():
    net = Net()
    x = torch.tensor([[1., 2.], [3., float('nan')]])
    still = torch.ones(3)
    meta = torch.empty(2, device='meta')
    text = 'no tensor'
    for step in range(3):
        x = x + step
        net.bn1(torch.full((4, 2), 2.))
        step  # stop

main()
`;

const list = async (): Promise<string[]> => {
  const text = await vscode.commands.executeCommand<string>('normscope.copyTensors');
  return text.split('\n');
};

describe('the view of a paused frame', function () {
  this.timeout(60_000);
  let debuggee: Debuggee;

  before(async function () {
    if (!hasDebugpy()) this.skip();
    debuggee = await Debuggee.start('frame.py', program, 'debugpy');
    await vscode.commands.executeCommand('normscope.tensors.focus');
  });
  after(async () => {
    await closeAll();
    await (debuggee as Debuggee | undefined)?.end();
  });

  it('lists tensors with their health, and the layers of models', async () => {
    const wanted = [
      'net.bn1\tBatchNorm1d, 2 channels · training',
      'x\tfloat32 [2,2] · 1 NaN',
      'still\tfloat32 [3]',
      'meta\tit has a shape and no values (device meta): there is nothing to read',
    ];
    await eventually(async () => assert.deepEqual(await list(), wanted));
  });

  it('says what changed of what is pinned, at every stop', async () => {
    for (const expression of ['x', 'still', 'net.bn1']) await run('pinTensor', { expression });
    await debuggee.go();
    await eventually(async () => {
      assert.deepEqual((await list()).slice(0, 3), [
        'x\tfloat32 [2,2] · 1 NaN\t3 of 4 changed, by at most 1',
        'still\tfloat32 [3]\tunchanged',
        'net.bn1\tBatchNorm1d, 2 channels · training\tmoving mean: 2 of 2 changed, by at most 0.5; moving variance: 2 of 2 changed, by at most 0.25',
      ]);
    });
  });

  it('forgets what is no longer pinned', async () => {
    await run('unpinTensor', { expression: 'still' });
    assert.deepEqual(
      (await list())[3],
      'meta\tit has a shape and no values (device meta): there is nothing to read',
    );
  });

  it('opens what is pressed', async () => {
    await run('inspectExpression', 'still');
    assert.deepEqual(panels(), ['Batch Norm: still · frame.py']);
  });
});
