import * as vscode from 'vscode';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';
import type { InspectionSession } from './session';
import { FileWatches } from '../files/fileWatches';
import { watchFolder } from '../files/watchFolder';
import { beingWritten, settleDelay } from '../files/writeWatch';
import { diskUrisOf, urisOf } from './source';
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
      if (event.document.uri.toString() === session.source.uri) {
        moveRange(session, event.contentChanges);
      }
      soon();
    }),
  );
  store.add(
    vscode.workspace.onDidCloseTextDocument(document => {
      // Unsaved changes went with it: the file is the source again.
      if (follows(document.uri.toString()) && document.uri.scheme !== 'untitled') soon();
    }),
  );
  const watches = store.add(
    new FileWatches(watchFolder, uri => {
      // An open document tells of its file's changes itself; a deleted file it outlives.
      const own = urisOf(session.source).includes(uri);
      if (!own || !openDocument(uri) || diskUrisOf(session.source).includes(uri)) soon();
    }),
  );
  // Another input may have been chosen, and a file may have got other shards.
  const watch = (): void =>
    watches.follow([...urisOf(session.source), ...(session.shown?.input.beside ?? [])]);
  watch();
  store.add(
    session.onState(state => {
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

/** Keeps a literal, or a call, where its text is. */
function moveRange(
  session: InspectionSession,
  changes: readonly vscode.TextDocumentContentChangeEvent[],
): void {
  const { source } = session;
  if (source.kind !== 'literal' && source.kind !== 'call') return;
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
