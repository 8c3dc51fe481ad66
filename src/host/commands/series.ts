import * as vscode from 'vscode';
import type { SeriesOrigin } from '../../protocol/series';
import type { Command } from './command';
import { ask } from './prompts';
import { isUri } from './resources';

/**
 * Shows several checkpoints of one run over its steps: those of a folder, those that are selected, or those that a
 * pattern names, which is asked for where nothing is given. Returns what the page shows.
 */
export const openSeries: Command = {
  id: 'openSeries',
  run: async ({ series }, resource, resources) => {
    const origin = await originOf(resource, resources);
    return origin && series.open(origin);
  },
};

async function originOf(resource: unknown, resources: unknown): Promise<SeriesOrigin | undefined> {
  const uris = Array.isArray(resources) ? resources.filter(isUri) : [];
  if (uris.length > 1) return { kind: 'files', uris: uris.map(uri => uri.toString()) };
  if (isUri(resource)) return { kind: 'folder', uri: (await folderOf(resource)).toString() };
  const pattern = typeof resource === 'string' ? resource : await askPattern();
  return pattern === undefined ? undefined : { kind: 'glob', pattern };
}

/** A file alone stands for the folder that it is in. */
async function folderOf(uri: vscode.Uri): Promise<vscode.Uri> {
  const isFolder = await vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.Directory) !== 0,
    () => true,
  );
  return isFolder ? uri : vscode.Uri.joinPath(uri, '..');
}

function askPattern(): Promise<string | undefined> {
  return ask({
    title: 'Series of Checkpoints',
    prompt: 'Which files of the open folders: * is any name, ** any folders.',
    value: '**/*.{pt,pth,safetensors,ckpt,h5,keras,npz,onnx}',
    parse: text => {
      const value = text.trim();
      return value === '' ? { problem: 'Give a pattern, such as runs/**/*.pt.' } : { value };
    },
  });
}
