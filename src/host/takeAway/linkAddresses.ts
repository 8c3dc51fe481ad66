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

/** @returns the file's URI, or why a link cannot mean it */
export function lengthenAddress(address: string): Result<string> {
  if (!address.startsWith(shortScheme)) return checkAddress(address);
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
  if (climbs(path)) return climbing(path);
  return ok(vscode.Uri.joinPath(folder.uri, ...(named ? parts.slice(1) : parts)).toString());
}

function checkAddress(address: string): Result<string> {
  const uri = parseUri(address);
  if (!uri) {
    return fail('link-address', `This link names a file in a way that is no address: ${address}`);
  }
  return climbs(uri.path) ? climbing(uri.path) : ok(address);
}

/** Whether a file is in a folder that the user has opened: not where it climbs out of that by its own path. */
export function isInside(address: string): boolean {
  const uri = parseUri(address);
  if (!uri || climbs(uri.path)) return false;
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}

function parseUri(address: string): vscode.Uri | undefined {
  try {
    // Strict: what has no scheme would become a path of this machine.
    return vscode.Uri.parse(address, true);
  } catch {
    return undefined;
  }
}

/** Windows reads both kinds of slash. */
function climbs(path: string): boolean {
  return path.split(/[/\\]/).includes('..');
}

function climbing(path: string): Result<never> {
  return fail('link-folder', `This link leaves its folder (${path}), and is not followed.`);
}
