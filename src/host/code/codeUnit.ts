import * as vscode from 'vscode';
import { cellAt, isKernelCode, joinCells } from '../../core/code/cells';
import type { TextRange } from '../../core/problem';

/** Code that is read as one: a document, or the cells of a notebook in one language, in their order. */
export interface CodeUnit {
  readonly key: string;
  /** Of the file or the notebook. */
  readonly scheme: string;
  readonly languageId: string;
  readonly documents: readonly vscode.TextDocument[];
  /** Another one when the text is. */
  readonly version: string;
}

/** Where something stands that was found in the text of a unit. */
export interface UnitPlace {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
}

export const cellScheme = 'vscode-notebook-cell';

function cellsOf(notebook: vscode.NotebookDocument): readonly vscode.TextDocument[] {
  return notebook.getCells().map(cell => cell.document);
}

/** What a document is read with; undefined of a cell whose notebook is gone, or that the kernel does not run itself. */
export function codeUnitOf(document: vscode.TextDocument): CodeUnit | undefined {
  const { uri, languageId } = document;
  if (uri.scheme !== cellScheme) {
    const version = String(document.version);
    const { scheme } = uri;
    return { key: uri.toString(), scheme, languageId, documents: [document], version };
  }
  const notebook = vscode.workspace.notebookDocuments.find(
    other => other.uri.path === uri.path && cellsOf(other).includes(document),
  );
  if (!notebook) return undefined;
  const documents = cellsOf(notebook).filter(
    cell => cell.languageId === languageId && isKernelCode(cell.getText()),
  );
  if (!documents.includes(document)) return undefined;
  const version = documents.map(cell => `${cell.uri.fragment} ${cell.version}`).join();
  const key = `${notebook.uri.toString()} ${languageId}`;
  return { key, scheme: notebook.uri.scheme, languageId, documents, version };
}

/** The other cells of a cell's notebook; none where it is gone, or the document is no cell. */
export function cellsBeside(document: vscode.TextDocument): readonly vscode.TextDocument[] {
  if (document.uri.scheme !== cellScheme) return [];
  const notebook = vscode.workspace.notebookDocuments.find(
    ({ uri }) => uri.path === document.uri.path,
  );
  return notebook ? cellsOf(notebook).filter(cell => cell !== document) : [];
}

/** The text of a unit, and the way back from it to its documents. */
export class UnitText {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(private readonly unit: CodeUnit) {
    const { text, starts } = joinCells(unit.documents.map(document => document.getText()));
    this.text = text;
    this.#starts = starts;
  }

  /** Where a document begins in the text. */
  startOf(document: vscode.TextDocument): number {
    return this.#starts[this.unit.documents.indexOf(document)] ?? 0;
  }

  /** Where a range of the text stands; undefined where it goes over several cells. */
  placeOf({ start, end }: TextRange): UnitPlace | undefined {
    const index = cellAt(this.#starts, start);
    const document = this.unit.documents[index];
    if (!document || cellAt(this.#starts, end) !== index) return undefined;
    const before = this.#starts[index] ?? 0;
    return { document, range: rangeIn(document, { start: start - before, end: end - before }) };
  }
}

function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
