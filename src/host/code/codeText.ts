import type * as vscode from 'vscode';
import { codeLanguage } from '../../core/code/codeLanguage';
import { batchNormWord } from '../../core/code/batchNormCalls/word';
import { codeUnitOf, UnitText } from './codeUnit';

/** Code as it is read: a document, or a cell with the others of its notebook. Plain data. */
export interface CodeText {
  /** Of the document, or of the cell. */
  readonly uri: string;
  /** Of what is read: all cells of a notebook have one. */
  readonly key: string;
  /** Another one when the text is. */
  readonly version: string;
  readonly languageId: string;
  readonly text: string;
  /** Where the document's own text begins in it, and where it ends. */
  readonly start: number;
  readonly end: number;
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
  const unit = codeUnitOf(document);
  if (!unit) return undefined;
  const { key, version, languageId } = unit;
  const whole = new UnitText(unit);
  const { text } = whole;
  if (text.length > longest) return undefined;
  const start = whole.startOf(document);
  const end = start + document.getText().length;
  return { uri: document.uri.toString(), key, version, languageId, text, start, end };
}

function hasWord(document: vscode.TextDocument): boolean {
  const before = known.get(document);
  if (before?.version === document.version) return before.has;
  const text = document.getText();
  const has = text.length <= longest && batchNormWord.test(text);
  known.set(document, { version: document.version, has });
  return has;
}
