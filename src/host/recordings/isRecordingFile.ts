import type * as vscode from 'vscode';
import { looksLikeRecording } from '../../core/recording/reader';
import { openWorkspaceFile } from './workspaceBytes';

/** Bytes of a first line that are enough to know it by. */
const enough = 1 << 16;

/** Whether a file of JSON Lines is a recording of a training run, by its first line. */
export async function isRecordingFile(uri: vscode.Uri): Promise<boolean> {
  if (!/\.(jsonl|ndjson)$/i.test(uri.path)) return false;
  try {
    const file = await openWorkspaceFile(uri.toString());
    try {
      return looksLikeRecording(new TextDecoder().decode(await file.read(0, enough)));
    } finally {
      await file.close();
    }
  } catch {
    // Whoever opens it says why it cannot be read.
    return false;
  }
}
