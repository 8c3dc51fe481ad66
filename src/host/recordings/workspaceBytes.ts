import * as vscode from 'vscode';
import { formatBytes } from '../../core/text/byteSize';
import { largestVirtualFile } from '../files/workspacePlaces';
import { openLocal } from './localBytes';
import type { OpenFile } from './recordingBytes';

/** Files of this machine by ranges; those of other file systems whole, every time. */
export const openWorkspaceFile: OpenFile = async uri => {
  const address = vscode.Uri.parse(uri, true);
  if (address.scheme === 'file') return openLocal(address.fsPath);
  const { size } = await vscode.workspace.fs.stat(address);
  if (size > largestVirtualFile) {
    throw new Error(
      `it has ${formatBytes(size)}, and from this file system files are read whole, up to ${formatBytes(largestVirtualFile)}`,
    );
  }
  const bytes = await vscode.workspace.fs.readFile(address);
  return {
    size: bytes.length,
    read: (start, length) => Promise.resolve(bytes.subarray(start, start + length)),
    close: () => Promise.resolve(),
  };
};
