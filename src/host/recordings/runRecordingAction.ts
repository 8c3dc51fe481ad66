import * as vscode from 'vscode';
import { assertNever } from '../../core/problem';
import type { RecordingRequests } from './recordingPanel';

type Action = Parameters<RecordingRequests['run']>[1];

/** Does what a page of a recording asks VS Code for. */
export async function runRecordingAction(uri: string, action: Action): Promise<void> {
  const resource = vscode.Uri.parse(uri, true);
  switch (action.kind) {
    case 'openAsText':
      await vscode.commands.executeCommand('vscode.openWith', resource, 'default');
      return;
    case 'addToInspection':
      await vscode.commands.executeCommand('normscope.addRecording', resource, action.layer);
      await vscode.commands.executeCommand('normscope.showPanel');
      return;
    default:
      assertNever(action);
  }
}
