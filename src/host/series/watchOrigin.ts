import * as vscode from 'vscode';
import type { SeriesOrigin } from '../../protocol/series';
import { FileWatches } from '../files/fileWatches';
import { watchFolder } from '../files/watchFolder';
import { DisposableStore, type Disposable } from '../lifecycle';
import { isCheckpoint } from './findMembers';

/** Tells when a checkpoint of a series is written, comes or goes. */
export function watchOrigin(origin: SeriesOrigin, changed: () => void): Disposable {
  switch (origin.kind) {
    case 'files': {
      const watches = new FileWatches(watchFolder, changed);
      watches.follow(origin.uris);
      return watches;
    }
    case 'folder':
      // Its files, and the models in its folders.
      return watch(
        new vscode.RelativePattern(vscode.Uri.parse(origin.uri, true), '{*,*/*}'),
        changed,
      );
    case 'glob':
      return watch(origin.pattern, changed);
  }
}

function watch(pattern: vscode.GlobPattern, changed: () => void): Disposable {
  const store = new DisposableStore();
  const watcher = store.add(vscode.workspace.createFileSystemWatcher(pattern));
  // A run writes its log into the same folder, all the time.
  const told = ({ path }: vscode.Uri): void => {
    if (isCheckpoint(path)) changed();
  };
  store.add(watcher.onDidChange(told));
  store.add(watcher.onDidCreate(told));
  store.add(watcher.onDidDelete(told));
  return store;
}
