import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';

/** Before the path of a file within a workspace folder: people who share a repository have it in other places. */
const shortScheme = 'folder:';

/** `folder:models/resnet.pt` of a file in a workspace folder; others keep their address. */
export function shortenAddress(uri: string): string {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const path = vscode.workspace.asRelativePath(vscode.Uri.parse(uri), folders.length > 1);
  return isInside(uri) ? `${shortScheme}${path}` : uri;
}

export function lengthenAddress(address: string): Result<string> {
  if (!address.startsWith(shortScheme)) return ok(address);
  const folders = vscode.workspace.workspaceFolders ?? [];
  const path = address.slice(shortScheme.length);
  const parts = path.split('/');
  const named = folders.length > 1 ? folders.find(({ name }) => name === parts[0]) : undefined;
  const folder = named ?? folders[0];
  if (!folder) {
    return fail(
      'link-folder',
      `This link means ${path} in an open folder: open that folder first.`,
    );
  }
  if (parts.includes('..')) {
    return fail('link-folder', `This link leaves its folder (${path}), and is not followed.`);
  }
  return ok(vscode.Uri.joinPath(folder.uri, ...(named ? parts.slice(1) : parts)).toString());
}

/** Whether a file is in a folder that the user has opened. */
export function isInside(uri: string): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(uri)) !== undefined;
}
