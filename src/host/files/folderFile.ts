import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import { baseName } from '../inspection/source';
import { entryPoint } from './fileNames';

/**
 * The file to open for what was chosen: itself, or for the folder of a saved model (TensorFlow's SavedModel, a
 * checkpoint in shards, a tfjs model) the file that describes the whole. What does not exist is left to its reader,
 * which says so.
 */
export async function fileToOpen(uri: vscode.Uri): Promise<Result<vscode.Uri>> {
  if (!(await isFolder(uri))) return ok(uri);
  const entries = await entriesOf(uri);
  if (!entries.ok) return entries;
  const names = entries.value.filter(([, type]) => (type & vscode.FileType.File) !== 0);
  const entry = entryPoint(names.map(([name]) => name));
  if (entry !== undefined) return ok(vscode.Uri.joinPath(uri, entry));
  return fail(
    'file-is-folder',
    `${baseName(uri.toString())} is a folder without a saved model in it: choose a file, or the folder of a SavedModel (saved_model.pb), of a checkpoint (*.index, *.safetensors.index.json, *.bin.index.json) or of a tfjs model (model.json).`,
  );
}

async function entriesOf(uri: vscode.Uri): Promise<Result<[string, vscode.FileType][]>> {
  try {
    return ok(await vscode.workspace.fs.readDirectory(uri));
  } catch {
    return fail(
      'folder-unreadable',
      `${baseName(uri.toString())} is a folder that cannot be listed: check its permissions, or choose a file in it.`,
    );
  }
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}
