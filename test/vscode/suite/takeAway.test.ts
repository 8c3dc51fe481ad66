import * as assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeAll, eventually, panels, run, sample } from './results';

const ask = <T>(command: string, argument?: unknown): Thenable<T> =>
  vscode.commands.executeCommand<T>(`normscope.${command}`, argument);

describe('taking away what the sample shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-away-'));
  beforeEach(async () => {
    await run('inspectFile', sample('seed.bn.json'));
    await run('sliceTensor', 'x[0, :, :, 2]');
  });
  afterEach(closeAll);
  after(() => rmSync(folder, { recursive: true }));

  it('copies a slice as code', async () => {
    const text = await ask<string>('copySlice', { format: 'pytorch', subject: 'input' });
    assert.match(text, /^# input of seed\.bn\.json, x\[0, :, :, 2\]\nimport torch\n/);
    assert.match(
      text,
      /torch\.tensor\(\[\[9\.0, 9\.0\],\n\s*\[6\.0, 2\.0\]\], dtype=torch\.float32\)/,
    );
    assert.equal(await vscode.env.clipboard.readText(), text);
  });

  it('exports a slice that opens again, and the channels as a table', async () => {
    const target = vscode.Uri.file(join(folder, 'slice.json'));
    await ask('exportSlice', { format: 'json', subject: 'input', target });
    const written: unknown = JSON.parse(readFileSync(target.fsPath, 'utf8'));
    assert.deepEqual((written as { input: unknown }).input, [
      [9, 9],
      [6, 2],
    ]);
    const table = vscode.Uri.file(join(folder, 'channels.csv'));
    await ask('exportChannels', { target: table });
    const lines = readFileSync(table.fsPath, 'utf8').trim().split('\n');
    assert.equal(lines.length, 5);
    assert.match(lines[1] ?? '', /^0,4,2,1,3\.25,6\.6875,0,0\.03249997,/);
    await closeAll();
    await run('inspectFile', target);
    await eventually(() => assert.deepEqual(panels(), ['Batch Norm: slice.json']));
  });

  it('copies a link that opens the same view', async () => {
    await run('toggleTraining');
    await run('showPicture', 'distribution');
    const link = await ask<string>('copyLink');
    assert.match(link, /^[\w-]+:\/\/normscope\.normscope\/open\?view=/);
    await closeAll();
    assert.deepEqual(panels(), []);
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(link));
    await eventually(() => assert.deepEqual(panels(), ['Batch Norm: seed.bn.json']));
    await eventually(async () => assert.equal(await ask<string>('copyLink'), link));
  });
});
