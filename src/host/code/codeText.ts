import * as vscode from 'vscode';
import { codeLanguage } from '../../core/code/codeLanguage';
import { batchNormWord } from '../../core/code/batchNormCalls/word';

/** Code as it is read: a document, or a cell with those before it. Plain data. */
export interface CodeText {
  /** Of the document, or of the cell. */
  readonly uri: string;
  /** Another one when the text is. */
  readonly version: string;
  readonly languageId: string;
  readonly text: string;
  /** Where the document's own text begins in it. */
  readonly start: number;
}

/**
 * Characters of code that are read: more is data, or minified, and would hold up the typing. Code of this length takes
 * some tens of milliseconds, in steps.
 */
const longest = 1 << 20;

/** Whether documents hold the word that every batch-norm call has, by their versions. */
const known = new WeakMap<
  vscode.TextDocument,
  { readonly version: number; readonly has: boolean }
>();

/** The code of a document with a batch-norm word in it; undefined for others: most files have none. */
export function codeTextOf(document: vscode.TextDocument): CodeText | undefined {
  if (!codeLanguage(document.languageId) || !hasWord(document)) return undefined;
  const { languageId, version } = document;
  const uri = document.uri.toString();
  const before = document.uri.scheme === 'vscode-notebook-cell' ? cellsBefore(document) : [];
  const ahead = before.map(cell => `${cell.getText()}\n`).join('');
  const text = ahead + document.getText();
  if (text.length > longest) return undefined;
  const versions = [...before, document].map(cell => cell.version).join();
  return {
    uri,
    version: before.length > 0 ? versions : String(version),
    languageId,
    text,
    start: ahead.length,
  };
}

function hasWord(document: vscode.TextDocument): boolean {
  const before = known.get(document);
  if (before?.version === document.version) return before.has;
  const text = document.getText();
  const has = text.length <= longest && batchNormWord.test(text);
  known.set(document, { version: document.version, has });
  return has;
}

/** Code cells of the same language before a cell, which a notebook usually runs first. */
function cellsBefore(document: vscode.TextDocument): readonly vscode.TextDocument[] {
  for (const notebook of vscode.workspace.notebookDocuments) {
    const cells = notebook.getCells();
    const at = cells.findIndex(cell => cell.document === document);
    if (at < 0) continue;
    return cells
      .slice(0, at)
      .filter(({ document: { languageId } }) => languageId === document.languageId)
      .map(cell => cell.document);
  }
  return [];
}
