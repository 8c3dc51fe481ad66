import * as vscode from 'vscode';

/** What menus of files hand to a command. */
export function isUri(value: unknown): value is vscode.Uri {
  return value instanceof vscode.Uri;
}
