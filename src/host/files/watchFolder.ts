import * as vscode from 'vscode';
import { escapeGlob } from '../inspection/source';
import { DisposableStore, type Disposable } from '../lifecycle';
import type { WatchFolder } from './fileWatches';

/** Watches with VS Code; documents that are on no disk change by being edited. */
export const watchFolder: WatchFolder = (folder, names, changed) => {
  const base = vscode.Uri.parse(folder);
  if (base.scheme === 'untitled' || base.scheme === 'vscode-notebook-cell') return nothing;
  // Names by their paths: addresses may be spelt in more ways than one.
  const byPath = new Map(
    [...names].map(name => [vscode.Uri.parse(`${folder}/${name}`).path, name]),
  );
  const [only = ''] = byPath.keys();
  const pattern = byPath.size === 1 ? escapeGlob(only.slice(only.lastIndexOf('/') + 1)) : '*';
  const root = base.path === '' ? base.with({ path: '/' }) : base;
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(root.with({ query: '', fragment: '' }), pattern),
  );
  const store = new DisposableStore();
  const told = ({ path }: vscode.Uri): void => {
    const name = byPath.size === 1 ? byPath.get(only) : byPath.get(path);
    if (name !== undefined) changed(name);
  };
  store.add(watcher);
  store.add(watcher.onDidChange(told));
  store.add(watcher.onDidCreate(told));
  store.add(watcher.onDidDelete(told));
  return store;
};

const nothing: Disposable = { dispose: () => undefined };
