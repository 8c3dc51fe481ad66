import * as assert from 'node:assert';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually, replaceIn, results, run, sample } from './results';

const mean = async (): Promise<number | undefined> => (await results()).channels[0]?.batchMean;

const folder = mkdtempSync(join(tmpdir(), 'normscope-live-'));
let count = 0;

/** A copy of the seed to edit: an editor may save it by itself. */
function seedCopy(): vscode.Uri {
  const copy = join(folder, `seed-${count++}.bn.json`);
  copyFileSync(sample('seed.bn.json').fsPath, copy);
  return vscode.Uri.file(copy);
}

describe('an open inspection', () => {
  afterEach(closeAll);

  it('follows typing, and keeps committed steps', async () => {
    const document = await vscode.workspace.openTextDocument(seedCopy());
    await vscode.window.showTextDocument(document);
    await run('inspectAtCursor');
    await run('step');
    await replaceIn(document, '[[4, 5, 9, 0]', '[[44, 5, 9, 0]');
    await eventually(async () => assert.equal(await mean(), 13.25));
    assert.equal((await results()).channels[0]?.movingMeanBefore, 0.03249997);
  });

  it('keeps the last good result while the text is broken', async () => {
    const document = await vscode.workspace.openTextDocument(seedCopy());
    await run('inspectFile', document.uri);
    await replaceIn(document, '[[4, 5, 9, 0]', '[[4, 5, 9, ]');
    await new Promise(resolve => setTimeout(resolve, 500));
    assert.equal(await mean(), 3.25);
    await replaceIn(document, '[[4, 5, 9, ]', '[[8, 5, 9, 0]');
    await eventually(async () => assert.equal(await mean(), 4.25));
  });

  it('follows a literal that moves as the text above it grows', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'python',
      content: 'x = [[1, 2], [3, 4]]\n',
    });
    await run('inspectAt', document.uri.toString(), 6);
    await replaceIn(document, 'x = ', '# a comment\n\nx = ');
    await replaceIn(document, '[3, 4]', '[7, 4]');
    await eventually(async () => assert.equal(await mean(), 4));
  });

  it('follows a file on disk that no editor shows, and outlives it', async () => {
    const file = join(folder, 'x[1].bn.json');
    writeFileSync(file, '[[1, 2], [3, 4]]');
    await run('inspectFile', vscode.Uri.file(file));
    assert.equal(await mean(), 2);
    writeFileSync(file, '[[5, 2], [3, 4]]');
    await eventually(async () => assert.equal(await mean(), 4));
    rmSync(file);
    await new Promise(resolve => setTimeout(resolve, 700));
    assert.equal(await mean(), 4);
    writeFileSync(file, '[[9, 2], [3, 4]]');
    await eventually(async () => assert.equal(await mean(), 6));
  });

  it('follows the setting where nothing states a convention', async () => {
    const content = '[[1, 2], [3, 4]]';
    const document = await vscode.workspace.openTextDocument({ language: 'json', content });
    await run('inspectAt', document.uri.toString(), 0);
    assert.equal((await results()).convention, 'tf1');
    const configuration = vscode.workspace.getConfiguration('normscope');
    await configuration.update('defaultConvention', 'keras3', vscode.ConfigurationTarget.Global);
    try {
      await eventually(async () => assert.equal((await results()).convention, 'keras3'));
    } finally {
      await configuration.update('defaultConvention', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
