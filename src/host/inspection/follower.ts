import * as vscode from 'vscode';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';
import type { InspectionSession } from './session';
import { beingWritten, settleDelay } from '../files/writeWatch';
import { diskUrisOf, escapeGlob, urisOf } from './source';
import { openDocument } from './sourceReader';
import { trackRanges } from './trackRange';

/** Keeps a session up with its source: edits in the editor, changes and deletion on disk. */
export function followChanges(session: InspectionSession): Disposable {
  const store = new DisposableStore();
  const follows = (uri: string): boolean => urisOf(session.source).includes(uri);
  const later = store.add(new Debouncer(() => void session.refresh()));
  const soon = (): void => later.run(settings.liveDelay());
  store.add(
    vscode.workspace.onDidChangeTextDocument(event => {
      if (!follows(event.document.uri.toString()) || event.contentChanges.length === 0) return;
      moveLiteral(session, event.contentChanges);
      soon();
    }),
  );
  store.add(
    vscode.workspace.onDidCloseTextDocument(document => {
      // Unsaved changes went with it: the file is the source again.
      if (follows(document.uri.toString()) && document.uri.scheme !== 'untitled') soon();
    }),
  );
  const watched = new Set<string>();
  const watch = (): void => {
    for (const uri of urisOf(session.source)) {
      if (watched.has(uri)) continue;
      watched.add(uri);
      const changed = (): void => {
        // An open document tells of its file's changes itself; a deleted file it outlives.
        if (!openDocument(uri) || diskUrisOf(session.source).includes(uri)) soon();
      };
      store.add(watchFile(vscode.Uri.parse(uri), changed));
    }
  };
  watch();
  store.add(
    session.onState(state => {
      // Another input may have been chosen.
      watch();
      const problem = state.kind === 'ready' ? state.view.banner?.problem : undefined;
      const failure = state.kind === 'failed' ? state.problem : problem;
      if (failure?.code === beingWritten) later.run(settleDelay);
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('normscope.defaultConvention')) soon();
    }),
  );
  return store;
}

function moveLiteral(
  session: InspectionSession,
  changes: readonly vscode.TextDocumentContentChangeEvent[],
): void {
  const { source } = session;
  if (source.kind !== 'literal') return;
  const moved = trackRanges(
    source.range,
    changes.map(({ rangeOffset, rangeLength, text }) => ({
      start: rangeOffset,
      length: rangeLength,
      inserted: text.length,
    })),
  );
  session.moveSource({ ...source, range: moved });
}

/** Tells of a file that changes, comes or goes on its disk. */
export function watchFile(uri: vscode.Uri, changed: () => void): Disposable {
  if (uri.scheme === 'untitled' || uri.scheme === 'vscode-notebook-cell')
    return { dispose: () => undefined };
  const slash = uri.path.lastIndexOf('/');
  const folder = uri.with({ path: uri.path.slice(0, Math.max(slash, 1)), query: '', fragment: '' });
  const name = escapeGlob(uri.path.slice(slash + 1));
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(folder, name),
  );
  watcher.onDidChange(changed);
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  return watcher;
}
