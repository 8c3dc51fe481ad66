import * as vscode from 'vscode';
import { readableText } from '../../core/text/readableText';
import { literalInSelection } from '../../core/text/literals';
import { tensorFileExtensions } from '../files/fileNames';
import { openAll } from '../files/openResource';
import { isIndex } from '../guards';
import { baseName, isRunFileName, type InspectionSource } from '../inspection/source';
import type { Command, CommandContext } from './command';
import { selectedCell } from './notebooks';
import { say } from './prompts';
import { isUri } from './resources';

/** Languages whose documents may be run files as a whole. */
const runFileLanguages: ReadonlySet<string> = new Set(['json', 'jsonc']);

export const inspectAtCursor: Command = {
  id: 'inspectAtCursor',
  run: async (context, resource) => {
    const at = await selectionOf(resource);
    if (at) await inspect(context, at);
    else await say('Open a text editor and put the cursor in a tensor, such as [[1, 2], [3, 4]].');
  },
};

/** For links in hovers and lenses: a document's address and an offset into its text, in UTF-16 code units. */
export const inspectAt: Command = {
  id: 'inspectAt',
  run: async (context, uri, offset) => {
    if (typeof uri !== 'string' || !isIndex(offset)) return;
    const document = await openText(vscode.Uri.parse(uri, true));
    if (document) await inspect(context, { document, selection: { start: offset, end: offset } });
    else await say(`${baseName(uri)} cannot be opened any more.`);
  },
};

/** The batch-norm call at the cursor; for hovers and lenses, the one at an offset into a document. */
export const inspectCall: Command = {
  id: 'inspectCall',
  run: async ({ calls, panels }, uri, offset) => {
    const at =
      typeof uri === 'string' && isIndex(offset)
        ? await placed(uri, offset)
        : await selectionOf(undefined);
    const source = at && (await calls.sourceAt(at.document, at.selection.start));
    if (source) await panels.open(source).settled();
    else await say('Put the cursor in a batch-norm call, such as nn.BatchNorm2d(64).');
  },
};

async function placed(uri: string, offset: number): Promise<Selected | undefined> {
  const document = await openText(vscode.Uri.parse(uri, true));
  return document && { document, selection: { start: offset, end: offset } };
}

async function inspect({ panels, calls }: CommandContext, at: Selected): Promise<void> {
  const source = sourceAt(at.document, at.selection);
  if (!('problem' in source)) {
    await panels.open(source).settled();
    return;
  }
  const call = await calls.sourceAt(at.document, at.selection.start);
  if (call) await panels.open(call).settled();
  else await say(source.problem);
}

interface Selected {
  readonly document: vscode.TextDocument;
  readonly selection: { readonly start: number; readonly end: number };
}

/** The editor's selection, or the cell; the beginning of the text where a menu names a document without an editor. */
async function selectionOf(resource: unknown): Promise<Selected | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor && (!isUri(resource) || isOf(editor, resource))) {
    const { document, selection } = editor;
    const start = document.offsetAt(selection.start);
    return { document, selection: { start, end: document.offsetAt(selection.end) } };
  }
  if (!isUri(resource)) return wholeCell();
  const document = await openText(resource);
  return document && { document, selection: { start: 0, end: 0 } };
}

/** All of the notebook's selected cell: without a cursor in it, its only literal is meant. */
function wholeCell(): Selected | undefined {
  const cell = selectedCell();
  return (
    cell && {
      document: cell.document,
      selection: { start: 0, end: cell.document.getText().length },
    }
  );
}

function isOf(editor: vscode.TextEditor, uri: vscode.Uri): boolean {
  return editor.document.uri.toString() === uri.toString();
}

async function openText(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** A run file as a whole; anywhere else the literal. JSON without one at the cursor is tried as a run file. */
function sourceAt(
  document: vscode.TextDocument,
  selection: Selected['selection'],
): InspectionSource | { readonly problem: string } {
  const uri = document.uri.toString();
  const whole: InspectionSource = { kind: 'resource', uri };
  if (isRunFileName(document.uri.path)) return whole;
  const { text, language } = readableText(
    document.getText(),
    document.languageId,
    document.uri.path,
  );
  const found = literalInSelection(text, selection, language);
  if (found.ok && found.value.content.kind !== 'tooLarge') {
    const { range, name } = found.value;
    return { kind: 'literal', uri, range, name };
  }
  if (runFileLanguages.has(document.languageId)) return whole;
  return { problem: found.ok ? tooLarge : found.problem.message };
}

const tooLarge =
  'This literal is too large to be read from code: save it as JSON and inspect the file.';

export const inspectFile: Command = {
  id: 'inspectFile',
  run: async (context, resource, resources) => {
    await openAll(context.panels, await filesOf(resource, resources));
  },
};

async function filesOf(resource: unknown, resources: unknown): Promise<readonly vscode.Uri[]> {
  if (Array.isArray(resources) && resources.length > 1) return resources.filter(isUri);
  if (isUri(resource)) return [resource];
  if (typeof resource === 'string') return [vscode.Uri.parse(resource, true)];
  const chosen = await vscode.window.showOpenDialog({
    title: 'Inspect a tensor file',
    openLabel: 'Inspect',
    canSelectMany: true,
    filters: { 'All files': ['*'], 'Tensor files': [...tensorFileExtensions] },
  });
  return chosen ?? [];
}
