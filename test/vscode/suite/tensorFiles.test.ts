import * as assert from 'node:assert';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually, results, run, sample } from './results';

const fixtures = join(__dirname, '../../../test/fixtures/formats');

/** A copy of a fixture in the open folder. */
function fixture(path: string, as = path.replaceAll('/', '-')): vscode.Uri {
  const target = sample(as);
  cpSync(join(fixtures, path), target.fsPath, { recursive: true });
  return target;
}

/** Titles of the tensor files that are open in their editor, by the editor's name. */
function editors(): [string, string][] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ label, input }) =>
      input instanceof vscode.TabInputCustom ? [[input.viewType, label]] : [],
    );
}

const layerOf = (uri: vscode.Uri, name: string): unknown => ({
  uri: uri.toString(),
  item: { kind: 'layer', name },
});

describe('tensor files', () => {
  afterEach(closeAll);

  it('open in their editor by themselves, or by the command where others have a say', async () => {
    const own = fixture('npz/bn_stored.npz', 'own.npz');
    await vscode.commands.executeCommand('vscode.open', own);
    const shared = fixture('onnx/bn.onnx', 'shared.onnx');
    await run('inspectFile', shared);
    await eventually(() =>
      assert.deepEqual(editors(), [
        ['normscope.tensorFile', 'own.npz'],
        ['normscope.sharedTensorFile', 'shared.onnx'],
      ]),
    );
  });

  it('open from the folder of a saved model', async () => {
    const folder = fixture('tensorflow/tfmod', 'saved');
    await run('inspectFile', folder);
    await eventually(() =>
      assert.deepEqual(editors(), [['normscope.sharedTensorFile', 'saved_model.pb']]),
    );
  });

  it('open once, wherever they are asked for', async () => {
    const uri = fixture('npz/bn_stored.npz', 'own.npz');
    await run('inspectFile', uri);
    await run('revealInTensorFile', uri.toString(), { kind: 'tensor', name: 'gamma' });
    await eventually(() => assert.equal(editors().length, 1));
  });

  it('inspect a layer over an input generated from its moving statistics', async () => {
    const uri = fixture('npz/bn_stored.npz', 'own.npz');
    await run('inspectFile', uri);
    await run('inspectItem', layerOf(uri, ''));
    await eventually(async () => {
      const { channels, shape } = await results();
      assert.equal(shape.length, 4);
      assert.ok(channels.length > 0);
    });
  });

  it('list JSON Lines where that editor is chosen, and inspect a tensor of a line', async () => {
    const uri = sample('log.jsonl');
    writeFileSync(uri.fsPath, '{"x": [[1, 2]]}\n{"x": [[3, 4], [5, 8]]}\n');
    await vscode.commands.executeCommand('vscode.openWith', uri, 'normscope.sharedTensorFile');
    await eventually(() =>
      assert.deepEqual(editors(), [['normscope.sharedTensorFile', 'log.jsonl']]),
    );
    await run('inspectItem', { uri: uri.toString(), item: { kind: 'tensor', name: '2/x' } });
    await eventually(async () => {
      const { channels } = await results();
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [4, 6],
      );
    });
  });
});
