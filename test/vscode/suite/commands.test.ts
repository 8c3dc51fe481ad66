import * as assert from 'node:assert';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, copied, eventually, panels, results, run, sample } from './results';

const firstPixel = (data: readonly number[]): number[] => data.slice(0, 4).map(Math.round);

describe('commands on the sample', () => {
  beforeEach(async () => {
    await run('inspectFile', sample('seed.bn.json'));
  });
  afterEach(closeAll);

  it('open a panel, and only one for the same file', async () => {
    await run('inspectFile', sample('seed.bn.json').toString());
    await eventually(() => assert.deepEqual(panels(), ['Batch Norm: seed.bn.json']));
  });

  it('toggle both flags through the four combinations', async () => {
    const seen: unknown[] = [];
    for (const command of [
      'toggleTrainable',
      'toggleTraining',
      'toggleTrainable',
      'toggleTraining',
    ]) {
      const { flags, output, channels } = await results();
      seen.push([
        flags.training,
        flags.trainable,
        firstPixel(output.data),
        channels[0]?.movingMeanAfter,
      ]);
      await run(command);
    }
    assert.deepEqual(seen, [
      [true, true, [2, 2, 3, -1], 0.03249997],
      [true, false, [2, 2, 3, -1], 0],
      [false, false, [9, 11, 19, 1], 0],
      [false, true, [9, 11, 19, 1], 0],
    ]);
  });

  it('step, run steps, undo and reset', async () => {
    const before = async (): Promise<number | undefined> =>
      (await results()).channels[0]?.movingMeanBefore;
    await run('step');
    assert.equal(await before(), 0.03249997);
    await run('runSteps', 2);
    const three = await before();
    assert.ok(three !== undefined && three > 0.09 && three < 0.1);
    await run('undo');
    assert.equal(await before(), 0.03249997);
    await run('redo');
    assert.equal(await before(), three);
    await run('goToStep', 0);
    assert.equal(await before(), 0);
    await run('goToStep', 1);
    assert.equal(await before(), 0.03249997);
    await run('runSteps', 5);
    await run('reset');
    assert.equal(await before(), 0);
    await run('undo');
    assert.notEqual(await before(), 0);
  });

  it('choose a convention, keeping what the numbers mean', async () => {
    await run('chooseConvention', 'pytorch');
    const { convention, momentum, epsilon, channels } = await results();
    assert.deepEqual([convention, momentum, epsilon], ['pytorch', 0.01, 0.001]);
    assert.equal(channels[0]?.movingMeanAfter, 0.0325);
    await run('toggleTrainable');
    assert.equal((await results()).channels[0]?.movingMeanAfter, 0.0325);
  });

  it('choose a channel axis', async () => {
    await run('chooseChannelAxis', 1);
    const { channelAxis, channels } = await results();
    assert.deepEqual([channelAxis, channels.length], [1, 2]);
  });

  it('edit parameters', async () => {
    await run('editParameter', { kind: 'setParameter', parameter: 'gamma', channel: 2, value: 7 });
    await run('editParameter', { kind: 'setEpsilon', value: 0.5 });
    const { channels, epsilon } = await results();
    assert.deepEqual(
      channels.map(({ gamma }) => gamma),
      [2, 2, 7, 2],
    );
    assert.equal(epsilon, 0.5);
  });

  it('copy in every format', async () => {
    assert.match(await copied('csv'), /^channel,n,gamma/);
    assert.match(await copied('numpy'), /^import numpy as np$/m);
    assert.match(
      await copied('pytorch'),
      /^layer = torch\.nn\.BatchNorm2d\(4, eps=0\.001, momentum=0\.01\)$/m,
    );
  });

  it('save an inspection that opens as the same one', async () => {
    await run('step');
    await run('editParameter', { kind: 'setParameter', parameter: 'beta', channel: 0, value: -2 });
    const before = await results();
    const folder = mkdtempSync(join(tmpdir(), 'normscope-save-'));
    const target = vscode.Uri.file(join(folder, 'repro.bn.json'));
    await run('saveInspection', target);
    await run('inspectFile', target);
    await eventually(async () => assert.deepEqual(await results(), before));
  });

  it('offer every action without the mouse', async () => {
    const open = run('chooseConvention');
    await eventually(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      const done = await Promise.race([open.then(() => true), wait(100)]);
      assert.equal(done, true);
    });
    assert.equal((await results()).convention, 'tf1');
  });

  it('never write the document', async () => {
    const document = await vscode.workspace.openTextDocument(sample('seed.bn.json'));
    const { version } = document;
    await run('step');
    await run('editParameter', { kind: 'setMomentum', value: 0.5 });
    assert.equal(document.version, version);
    assert.equal(document.isDirty, false);
  });
});

describe('inspecting', () => {
  afterEach(closeAll);

  async function openAt(marked: string, language: string): Promise<vscode.TextDocument> {
    const content = marked.replace('¦', '');
    const document = await vscode.workspace.openTextDocument({ language, content });
    const editor = await vscode.window.showTextDocument(document);
    const position = document.positionAt(marked.indexOf('¦'));
    editor.selection = new vscode.Selection(position, position);
    return document;
  }

  it('takes the literal at the cursor, with its siblings', async () => {
    await openAt('gamma = [3.0, 5.0]\nx = np.array([[1, 2], [3, ¦4]])\n', 'python');
    await run('inspectAtCursor');
    const { shape, channels } = await results();
    assert.deepEqual(shape, [2, 2]);
    assert.deepEqual(
      channels.map(({ gamma }) => gamma),
      [3, 5],
    );
  });

  it('copies to the clipboard', async () => {
    const document = await openAt('x = [[1, 2], [3, ¦4]]\n', 'python');
    await run('inspectAtCursor');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await eventually(async () => {
      const text = await copied('csv');
      assert.equal(await vscode.env.clipboard.readText(), text);
    });
  });

  it('takes what a link names', async () => {
    const document = await openAt('¦const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);', 'typescript');
    await run('inspectAt', document.uri.toString(), 25);
    assert.deepEqual((await results()).shape, [2, 3]);
  });

  it('takes a whole JSON document where the cursor is in no tensor', async () => {
    await openAt('{"tra¦ining": false, "input": [[1, 2], [3, 4]]}', 'json');
    await run('inspectAtCursor');
    assert.equal((await results()).flags.training, false);
  });

  it('opens several inspections side by side; the one opened last is the active one', async () => {
    await run('inspectFile', sample('seed.bn.json'), [
      sample('seed.bn.json'),
      sample('never-updated.bn.json'),
    ]);
    await eventually(() => assert.equal(panels().length, 2));
    assert.equal((await results()).convention, 'keras3');
  });

  it('opens each sample as a text of its own with its panel', async function () {
    this.timeout(60_000);
    for (const [name, channels] of [
      ['seed', 4],
      ['domain-shift', 16],
      ['never-updated', 24],
    ] as const) {
      await run('openSample', name);
      assert.equal((await results()).channels.length, channels);
      const names = vscode.window.visibleTextEditors.map(({ document }) => document.uri.path);
      assert.ok(
        names.some(path => path.endsWith(`/samples/${name}.bn.json`)),
        names.join(),
      );
    }
  });

  it('shows a failed state for what cannot be read, and closes like any panel', async () => {
    await run('inspectFile', sample('missing.bn.json'));
    await eventually(() => assert.deepEqual(panels(), ['Batch Norm: missing.bn.json']));
    await closeAll();
    await eventually(() => assert.deepEqual(panels(), []));
  });
});

function wait(milliseconds: number): Promise<false> {
  return new Promise(resolve => setTimeout(() => resolve(false), milliseconds));
}
