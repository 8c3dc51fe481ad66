import * as vscode from 'vscode';
import type { OpenInspections } from '../inspection/openInspections';
import { DisposableStore, type Disposable } from '../lifecycle';
import { OpenRecordings } from './openRecordings';
import { RecordingPanels, recordingViewType } from './recordingPanels';
import { runRecordingAction } from './runRecordingAction';
import type { RecordingRequests } from './recordingPanel';
import { watchFile } from './watchFile';
import { openWorkspaceFile } from './workspaceBytes';

/** The recordings that are followed, and their own pages. */
export interface RecordingServices extends Disposable {
  readonly open: OpenRecordings;
  readonly pages: RecordingPanels;
}

/** Follows recordings in the workspace's file systems, and registers their pages. */
export function connectRecordings(
  extension: vscode.Uri,
  inspections: OpenInspections,
  { log, describe }: Pick<RecordingRequests, 'log' | 'describe'>,
): RecordingServices {
  const store = new DisposableStore();
  const open = store.add(new OpenRecordings(openWorkspaceFile, watchFile));
  const pages = store.add(
    new RecordingPanels(extension, open, {
      log,
      describe,
      hasInspection: () => inspections.active?.inspection !== undefined,
      run: (uri, action) => void runRecordingAction(uri, action),
    }),
  );
  store.add(inspections.onActiveChanged(() => pages.tellInspections()));
  store.add(vscode.window.registerWebviewPanelSerializer(recordingViewType, pages));
  return { open, pages, dispose: () => store.dispose() };
}
