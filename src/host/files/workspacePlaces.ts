import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import { formatBytes } from '../../core/text/byteSize';
import type { HostFileRequests } from '../../protocol/engineFiles';
import { baseName } from '../inspection/source';
import type { FilePlaces } from './filePlaces';

/** The largest file that is taken whole through a file system that is not this machine's. */
export const largestVirtualFile = 256_000_000;

/** Files of this machine by path, and all others through the workspace's file systems. */
export const workspacePlaces: FilePlaces = {
  async locate(uri) {
    const address = vscode.Uri.parse(uri, true);
    // Remote hosts too: the extension runs beside the files there.
    if (address.scheme === 'file') return ok({ kind: 'file', path: address.fsPath });
    const name = baseName(uri);
    const info = await statOf(address);
    if (!info.ok) return fail(info.problem.code, `${name}: ${info.problem.message}`);
    const { mtime, size } = info.value;
    return ok({ kind: 'virtual', uri, name, revision: `${mtime} ${size}` });
  },
  async stamp(uri) {
    const info = await statOf(vscode.Uri.parse(uri, true));
    return info.ok ? { size: info.value.size, changed: info.value.mtime } : undefined;
  },
  beside: (uri, path) => besideOf(vscode.Uri.parse(uri, true), path).toString(),
};

/** Reads a whole file of a virtual file system for the engine, or one beside it. */
export const readVirtualFile: HostFileRequests['readFile'] = async ({ uri, sibling }) => {
  const own = vscode.Uri.parse(uri, true);
  const address = sibling === undefined ? own : besideOf(own, sibling);
  const info = await statOf(address);
  if (!info.ok) return info;
  const { size } = info.value;
  if (size > largestVirtualFile) {
    return fail(
      'file-too-large',
      `it has ${formatBytes(size)}, and from this file system files are read whole, up to ${formatBytes(largestVirtualFile)}: copy it to the machine VS Code runs on.`,
    );
  }
  try {
    return ok(await vscode.workspace.fs.readFile(address));
  } catch (error) {
    return unreadable(error);
  }
};

function besideOf(own: vscode.Uri, path: string): vscode.Uri {
  return vscode.Uri.joinPath(own, '..', path);
}

async function statOf(uri: vscode.Uri): Promise<Result<vscode.FileStat>> {
  try {
    return ok(await vscode.workspace.fs.stat(uri));
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): Result<never> {
  const code = error instanceof vscode.FileSystemError ? error.code : '';
  if (code === 'FileNotFound') {
    return fail('file-missing', 'it is not there: it was moved, renamed or deleted.');
  }
  if (code === 'NoPermissions') {
    return fail('file-forbidden', 'it may not be read: check its permissions.');
  }
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  return fail('file-unreadable', `it could not be read: ${reason ?? 'no reason was given'}.`);
}
