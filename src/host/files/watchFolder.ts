import * as vscode from 'vscode';
import { escapeGlob } from '../inspection/source';
import { DisposableStore, type Disposable } from '../lifecycle';
import type { WatchFolder } from './fileWatches';

/** Watches with VS Code; documents that are on no disk change by being edited. */
export const watchFolder: WatchFolder = (folder, names, changed) => {
  const base = vscode.Uri.parse(folder);
  if (base.scheme === 'untitled' || base.scheme === 'vscode-notebook-cell') return nothing;
  // By the name on disk: addresses, and the folders in them, may be spelt in more ways than one.
  const byName = new Map(
    [...names].map(name => [lastPart(vscode.Uri.parse(`${folder}/${name}`)), name]),
  );
  const [only = ''] = byName.keys();
  const isOne = byName.size === 1;
  const root = base.path === '' ? base.with({ path: '/' }) : base;
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(
      root.with({ query: '', fragment: '' }),
      isOne ? escapeGlob(only) : '*',
    ),
  );
  const store = new DisposableStore();
  const told = (uri: vscode.Uri): void => {
    const name = byName.get(isOne ? only : lastPart(uri));
    if (name !== undefined) changed(name);
  };
  store.add(watcher);
  store.add(watcher.onDidChange(told));
  store.add(watcher.onDidCreate(told));
  store.add(watcher.onDidDelete(told));
  return store;
};

function lastPart({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const nothing: Disposable = { dispose: () => undefined };
