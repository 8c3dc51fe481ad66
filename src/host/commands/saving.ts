import * as vscode from 'vscode';
import type { InspectionSession } from '../inspection/session';
import { baseName } from '../inspection/source';
import { say } from './prompts';

/** The name of an inspection's source without its ending: what is saved of it is named after that. */
export function stem({ source }: InspectionSession): string {
  return baseName(source.uri).replace(/(\.bn)?\.[^.]*$/, '');
}

export interface SaveQuestion {
  readonly title: string;
  /** Of the file, with its ending. */
  readonly name: string;
  /** What kinds of files may be chosen, and their endings. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

/** Asks where to save: beside the source, or in the workspace where the source is in no folder. */
export function askTarget(
  { source }: InspectionSession,
  { title, name, filters }: SaveQuestion,
): Thenable<vscode.Uri | undefined> {
  const uri = vscode.Uri.parse(source.uri);
  // Of a document without a file, or of a cell, the scheme is no file system's.
  const isFile = vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
  const folder = isFile
    ? vscode.Uri.joinPath(uri, '..')
    : vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.window.showSaveDialog({
    title,
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    filters: Object.fromEntries(
      Object.entries(filters).map(([label, endings]) => [label, [...endings]]),
    ),
  });
}

/** Writes a file and says so; or says why it could not be written. */
export async function save(target: vscode.Uri, make: () => Promise<Uint8Array>): Promise<void> {
  const name = baseName(target.toString());
  try {
    await vscode.workspace.fs.writeFile(target, await make());
    vscode.window.setStatusBarMessage(`$(check) Saved ${name}`, 4000);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await say(`${name} could not be written: ${reason}`);
  }
}

/** The pieces of a text as bytes. Lets the host breathe between them. */
export async function encodePieces(pieces: Iterable<string>): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const piece of pieces) {
    parts.push(encoder.encode(piece));
    if (parts.length % 64 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  return Buffer.concat(parts);
}
