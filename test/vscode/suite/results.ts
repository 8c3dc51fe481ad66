import * as assert from 'node:assert';
import * as vscode from 'vscode';

/** What "Copy Results" puts on the clipboard as JSON, as far as suites look at it. */
export interface Copied {
  readonly convention: string;
  readonly flags: { readonly training: boolean; readonly trainable: boolean };
  readonly shape: readonly number[];
  readonly channelAxis: number;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly channels: readonly {
    readonly gamma: number;
    readonly batchMean: number;
    readonly movingMeanBefore: number;
    readonly movingMeanAfter: number;
    readonly movingVarianceAfter: number;
    readonly normalizedWith: string;
  }[];
  readonly output: { readonly data: readonly number[] };
}

/** The folder of samples that every suite run opens. */
export function sample(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the samples are open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function run(command: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(`normscope.${command}`, ...args);
}

/**
 * What "Copy Results" copies, as the command returns it: a browser lets a page read the clipboard only
 * while the page itself has the focus, and here a panel has it.
 */
export async function copied(format: string): Promise<string> {
  const text = await vscode.commands.executeCommand('normscope.copyResults', format);
  if (typeof text !== 'string') throw new Error(`nothing was copied as ${format}`);
  return text;
}

/** The active inspection's results, as a user gets them. */
export async function results(): Promise<Copied> {
  return JSON.parse(await copied('json')) as Copied;
}

/** Waits until the check passes, and fails with its last error. */
export async function eventually(
  check: () => Promise<void> | void,
  patience = 10_000,
): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

/** Titles of the panels that are open. */
export function panels(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview)
    .map(({ label }) => label);
}

/** Closes panels and files. Untitled texts stay: closing one asks a question, which would wait for ever. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && !document.isUntitled) await document.save();
  }
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  await vscode.window.tabGroups.close(tabs.filter(({ isDirty }) => !isDirty));
}

/** Replaces a text in a document, as typing does. */
export async function replaceIn(
  document: vscode.TextDocument,
  before: string,
  after: string,
): Promise<void> {
  const start = document.getText().indexOf(before);
  assert.ok(start >= 0, `${before} is not in the document`);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(
    document.positionAt(start),
    document.positionAt(start + before.length),
  );
  edit.replace(document.uri, range, after);
  assert.ok(await vscode.workspace.applyEdit(edit));
}
