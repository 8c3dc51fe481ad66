import * as assert from 'node:assert';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RecordingState } from '../../../src/protocol/recording';
import { closeAll, eventually, panels, run, sample } from './results';

const line = (step: number, layer = 'bn1'): string =>
  `${JSON.stringify({ step, layer, convention: 'pytorch', n: 8, movingMean: [step, 1] })}\n`;

/** Shows the page of a recording, and says what it shows. */
async function open(uri: vscode.Uri): Promise<RecordingState> {
  return vscode.commands.executeCommand<RecordingState>('normscope.openRecording', uri);
}

describe('a recording of a training run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-recordings-'));
  const path = join(folder, 'run.jsonl');
  const uri = vscode.Uri.file(path);
  beforeEach(() => writeFileSync(path, `${line(0)}oops\n${line(1)}`));
  afterEach(closeAll);
  after(() => rmSync(folder, { recursive: true }));

  it('has a page of its own, which follows the file', async () => {
    const before = await open(uri);
    assert.equal(before.summary, '2 lines of 1 layer');
    assert.equal(before.problems, '1 line was left out: line 2, it is not JSON on one line.');
    await eventually(() => assert.deepEqual(panels(), ['Recording: run.jsonl']));
    appendFileSync(path, line(2) + line(2, 'bn2'));
    await eventually(async () => {
      const { summary, layers } = await open(uri);
      assert.equal(summary, '4 lines of 2 layers');
      assert.deepEqual(
        layers.map(({ name, lastStep }) => [name, lastStep]),
        [
          ['bn1', 2],
          ['bn2', 2],
        ],
      );
    });
    assert.deepEqual(panels(), ['Recording: run.jsonl']);
    writeFileSync(path, line(7));
    await eventually(async () => {
      const { summary, problems } = await open(uri);
      assert.equal(summary, '1 line of 1 layer');
      assert.match(problems, /read again from its start/);
    });
  });

  it('is known by its first line where a file of tensors was asked for', async () => {
    await run('inspectFile', uri);
    await eventually(() => assert.deepEqual(panels(), ['Recording: run.jsonl']));
  });

  it('is drawn beside an inspection', async () => {
    await run('inspectFile', sample('seed.bn.json'));
    await run('addRecording', uri);
    await eventually(() => assert.deepEqual(panels(), ['Batch Norm: seed.bn.json']));
  });

  it('may be in a file system that is not this machine’s', async () => {
    const folders = new (class implements vscode.FileSystemProvider {
      text = line(0);
      readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
      readonly onDidChangeFile = this.changes.event;
      watch = (): vscode.Disposable => new vscode.Disposable(() => undefined);
      stat = (): vscode.FileStat => ({
        type: vscode.FileType.File,
        ctime: 0,
        mtime: this.text.length,
        size: this.text.length,
      });
      readDirectory = (): [string, vscode.FileType][] => [];
      createDirectory = (): void => undefined;
      readFile = (): Uint8Array => new TextEncoder().encode(this.text);
      writeFile = (): void => undefined;
      delete = (): void => undefined;
      rename = (): void => undefined;
    })();
    const provider = vscode.workspace.registerFileSystemProvider('recorded', folders);
    try {
      const virtual = vscode.Uri.parse('recorded:/run.jsonl');
      assert.equal((await open(virtual)).summary, '1 line of 1 layer');
      folders.text += line(5);
      folders.changes.fire([{ type: vscode.FileChangeType.Changed, uri: virtual }]);
      await eventually(async () =>
        assert.equal((await open(virtual)).summary, '2 lines of 1 layer'),
      );
    } finally {
      provider.dispose();
    }
  });
});
