import * as assert from 'node:assert';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { InspectionPanels } from '../../../src/host/panel/inspectionPanels';
import { LinkHandler } from '../../../src/host/takeAway/uriHandler';
import { closeAll, eventually, panels, run, sample } from './results';

const ask = <T>(command: string, argument?: unknown): Thenable<T> =>
  vscode.commands.executeCommand<T>(`normscope.${command}`, argument);

describe('links from elsewhere', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail('no folder is open');
  const inside = vscode.Uri.joinPath(folder, 'seed.bn.json').toString();

  /** What a link opened, and the files that it asked to read. */
  const follow = async (
    source: string,
    recordings: readonly string[] = [],
  ): Promise<{ opened: number; asked: readonly string[] }> => {
    let opened = 0;
    let asked: readonly string[] = [];
    const panels = {
      open() {
        opened++;
        return { settled: () => Promise.resolve(), act: () => Promise.resolve({ ok: true }) };
      },
    };
    const handler = new LinkHandler(panels as unknown as InspectionPanels, files => {
      asked = files;
      return Promise.resolve(false);
    });
    const settings = {
      momenta: [],
      recordings: recordings.map(uri => ({ uri, layer: 'bn' })),
    };
    const state = {
      version: 1,
      source: { kind: 'resource', uri: source },
      actions: [{ kind: 'setPicture', picture: 'steps', settings }],
    };
    const query = `view=${encodeURIComponent(JSON.stringify(state))}`;
    await handler.handleUri(vscode.Uri.from({ scheme: 'vscode', path: '/open', query }));
    return { opened, asked };
  };

  it('open a file of the folder without a question', async () => {
    assert.deepEqual(await follow(inside), { opened: 1, asked: [] });
    assert.deepEqual(await follow('folder:seed.bn.json'), { opened: 1, asked: [] });
  });

  it('ask for any other file, recordings among them', async () => {
    const other = 'file:///etc/hosts';
    assert.deepEqual(await follow(other), { opened: 0, asked: [other] });
    assert.deepEqual(await follow(inside, [other]), { opened: 0, asked: [other] });
    assert.deepEqual(await follow(inside, [inside]), { opened: 1, asked: [] });
  });

  it('are not followed where they climb out of the folder, or name no address', async () => {
    const refused = { opened: 0, asked: [] };
    for (const address of [
      `${folder.toString()}/../other.bn.json`,
      `${folder.toString()}/%2e%2e/other.bn.json`,
      `${folder.toString()}/..%5Cother.bn.json`,
      'folder:../other.bn.json',
      'no address',
      'file:////',
      '',
    ]) {
      assert.deepEqual(await follow(address), refused, address);
      assert.deepEqual(await follow(inside, [address]), refused, address);
    }
  });
});

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
