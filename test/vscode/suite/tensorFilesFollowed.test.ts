import * as assert from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually, results, run } from './results';
import { batchNormFile } from './safetensors';

const folder = mkdtempSync(join(tmpdir(), 'normscope-files-'));
let count = 0;

function written(bytes: Buffer): vscode.Uri {
  const path = join(folder, `model-${count++}.safetensors`);
  writeFileSync(path, bytes);
  return vscode.Uri.file(path);
}

const meansBefore = async (): Promise<number[]> =>
  (await results()).channels.map(({ movingMeanBefore }) => movingMeanBefore);

async function inspectLayer(uri: vscode.Uri): Promise<void> {
  await run('inspectFile', uri);
  await run('inspectItem', { uri: uri.toString(), item: { kind: 'layer', name: 'bn' } });
  await eventually(async () => assert.ok((await meansBefore()).length > 0));
}

describe('a tensor file that a training run saves', () => {
  afterEach(closeAll);
  after(() => rmSync(folder, { recursive: true }));

  it('is followed by an open inspection of its layer', async () => {
    const uri = written(batchNormFile([1, 2]));
    await inspectLayer(uri);
    assert.deepEqual(await meansBefore(), [1, 2]);
    writeFileSync(uri.fsPath, batchNormFile([3, 2], ['step']));
    await eventually(async () => assert.deepEqual(await meansBefore(), [3, 2]));
  });

  it('caught half-written, keeps the last good view until it is whole', async () => {
    const uri = written(batchNormFile([1, 2]));
    await inspectLayer(uri);
    const whole = batchNormFile([5, 6]);
    writeFileSync(uri.fsPath, whole.subarray(0, whole.length - 12));
    await new Promise(resolve => setTimeout(resolve, 600));
    assert.deepEqual(await meansBefore(), [1, 2]);
    writeFileSync(uri.fsPath, whole);
    await eventually(async () => assert.deepEqual(await meansBefore(), [5, 6]));
  });

  it('is followed where a shard of it is what changes', async () => {
    const shard = written(batchNormFile([1, 2]));
    const names = ['weight', 'bias', 'running_mean', 'running_var'].map(name => `bn.${name}`);
    const map = names.map(name => [name, basename(shard.fsPath)] as const);
    const index = join(folder, 'model.safetensors.index.json');
    writeFileSync(index, JSON.stringify({ weight_map: Object.fromEntries<string>(map) }));
    await inspectLayer(vscode.Uri.file(index));
    assert.deepEqual(await meansBefore(), [1, 2]);
    writeFileSync(shard.fsPath, batchNormFile([7, 2]));
    await eventually(async () => assert.deepEqual(await meansBefore(), [7, 2]));
  });

  it('is an input too, for a layer of another file', async () => {
    const uri = written(batchNormFile([1, 2]));
    await run('inspectFile', uri);
    await run('inspectItem', { uri: uri.toString(), item: { kind: 'tensor', name: 'x' } });
    await eventually(async () => assert.deepEqual((await results()).shape, [4, 2]));
    // 0, 2, 4, 6 and 1, 3, 5, 7.
    assert.deepEqual(
      (await results()).channels.map(({ batchMean }) => batchMean),
      [3, 4],
    );
  });
});
