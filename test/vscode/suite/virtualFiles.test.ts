import * as assert from 'node:assert';
import * as vscode from 'vscode';
import {
  largestVirtualFile,
  readVirtualFile,
  workspacePlaces,
} from '../../../src/host/files/workspacePlaces';
import { closeAll, eventually, results, run } from './results';
import { batchNormFile } from './safetensors';

const scheme = 'normscope-test';

/** Files in memory, under a scheme of their own, as an extension for a database or an archive gives them. */
class MemoryFileSystem implements vscode.FileSystemProvider {
  readonly files = new Map<string, { bytes: Uint8Array; size: number; mtime: number }>();
  readonly #changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changes.event;

  put(path: string, bytes: Uint8Array, size = bytes.length): void {
    this.files.set(path, { bytes, size, mtime: Date.now() + this.files.size });
    const uri = vscode.Uri.from({ scheme, path });
    this.#changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }
  stat({ path }: vscode.Uri): vscode.FileStat {
    const found = this.files.get(path);
    if (!found) throw vscode.FileSystemError.FileNotFound(path);
    return { type: vscode.FileType.File, ctime: 0, mtime: found.mtime, size: found.size };
  }
  readFile(uri: vscode.Uri): Uint8Array {
    this.stat(uri);
    return this.files.get(uri.path)?.bytes ?? new Uint8Array();
  }
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }
  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  writeFile(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe('tensor files of a virtual file system', () => {
  const files = new MemoryFileSystem();
  const provider = vscode.workspace.registerFileSystemProvider(scheme, files);
  const uriOf = (path: string): vscode.Uri => vscode.Uri.from({ scheme, path });
  after(() => void provider.dispose());
  afterEach(closeAll);

  it('are read whole, inspected and followed', async () => {
    const uri = uriOf('/models/model.safetensors');
    files.put(uri.path, batchNormFile([1, 2]));
    await run('inspectFile', uri);
    await run('inspectItem', { uri: uri.toString(), item: { kind: 'layer', name: 'bn' } });
    const before = async (): Promise<number | undefined> =>
      (await results()).channels[0]?.movingMeanBefore;
    await eventually(async () => assert.equal(await before(), 1));
    files.put(uri.path, batchNormFile([7, 2]));
    await eventually(async () => assert.equal(await before(), 7));
  });

  it('have a size limit, which is said', async () => {
    files.put('/large.npy', new Uint8Array(8), largestVirtualFile + 1);
    const read = await readVirtualFile({ uri: uriOf('/large.npy').toString() });
    assert.ok(!read.ok);
    assert.equal(read.problem.code, 'file-too-large');
    assert.match(read.problem.message, /read whole, up to 256 MB/);
  });

  it('have siblings, and say which is missing', async () => {
    files.put('/m/model.json', new Uint8Array([1]));
    files.put('/m/weights.bin', new Uint8Array([2]));
    const uri = uriOf('/m/model.json').toString();
    const sibling = await readVirtualFile({ uri, sibling: 'weights.bin' });
    assert.deepEqual(sibling, { ok: true, value: new Uint8Array([2]) });
    const missing = await readVirtualFile({ uri, sibling: 'more.bin' });
    assert.ok(!missing.ok && missing.problem.code === 'file-missing');
    const located = await workspacePlaces.locate(uriOf('/m/none.npy').toString());
    assert.ok(!located.ok);
    assert.match(located.problem.message, /^none\.npy: it is not there/);
  });
});
