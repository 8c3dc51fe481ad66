import * as vscode from 'vscode';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import { readableText } from '../../core/text/readableText';
import { cellUriOf, outputScheme } from '../notebooks/outputUri';
import { settings } from '../settings';
import type { SourceReader } from './sessionServices';
import { readLiteral } from './literalContent';
import type { SourceContent } from './loadedInput';
import { isLinesName } from '../../core/text/jsonDocument';
import { formatPlace } from '../../core/text/lines';
import { baseName, type InspectionSource } from './source';

/** Files up to this many bytes are read by the host; larger local ones by the engine, in its own thread. */
const smallFile = 4 << 20;

/** The largest file that is taken whole through a file system that is not this machine's. */
const largestRemoteFile = 64 << 20;

/** Reads open documents, files on this machine, and files of any file system VS Code knows. */
export const workspaceReader: SourceReader = {
  async read(source, signal) {
    const uri = vscode.Uri.parse(source.uri, true);
    const content =
      source.kind === 'literal' ? await literalContent(uri, source) : await resourceContent(uri);
    return signal.aborted ? fail('cancelled', 'Cancelled.') : content;
  },
  describe(source) {
    const uri = vscode.Uri.parse(source.uri);
    const document = documentName(uri);
    if (source.kind !== 'literal' && source.kind !== 'call') return document;
    const line = openDocument(source.uri)?.positionAt(source.range.start).line;
    return line === undefined ? document : `${document}, line ${line + 1}`;
  },
};

/** `src/train.py`, `train.ipynb, cell 3`. */
function documentName(uri: vscode.Uri): string {
  if (uri.scheme === 'untitled') return uri.path;
  if (uri.scheme === outputScheme) return `${documentName(cellUriOf(uri))}, output`;
  if (uri.scheme !== 'vscode-notebook-cell') return vscode.workspace.asRelativePath(uri);
  const of = (cell: vscode.NotebookCell): boolean =>
    cell.document.uri.toString() === uri.toString();
  const cell = vscode.workspace.notebookDocuments.flatMap(notebook => notebook.getCells()).find(of);
  if (!cell) return baseName(uri.toString());
  return `${documentName(cell.notebook.uri)}, cell ${cell.index + 1}`;
}

/** The document as the editor has it, where it is open. */
export function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    document => !document.isClosed && document.uri.toString() === uri,
  );
}

async function resourceContent(uri: vscode.Uri): Promise<Result<SourceContent>> {
  const document = openDocument(uri.toString());
  if (document) return ok(documentContent(document));
  const name = baseName(uri.toString());
  const fallback = settings.defaultConvention(uri).id;
  try {
    const stat = await vscode.workspace.fs.stat(uri);
    if ((stat.type & vscode.FileType.Directory) !== 0) return folderProblem(name);
    if (uri.scheme === 'file' && stat.size > smallFile) return ok(fileContent(uri, fallback));
    if (stat.size > largestRemoteFile) return tooLargeProblem(name, stat.size);
    const bytes = await vscode.workspace.fs.readFile(uri);
    return ok(textContent(new TextDecoder().decode(bytes), isLinesName(name), fallback));
  } catch (error) {
    return { ok: false, problem: readProblem(name, error) };
  }
}

function documentContent(document: vscode.TextDocument): SourceContent {
  const text = document.getText();
  const fallback = settings.defaultConvention(document.uri).id;
  const lines = document.languageId === 'jsonl' || isLinesName(document.fileName);
  return {
    body: ok({ kind: 'runFile', source: { kind: 'text', text, lines, fallback } }),
    locate: offset => Promise.resolve(formatPosition(document.positionAt(offset))),
  };
}

function textContent(text: string, lines: boolean, fallback: string): SourceContent {
  return {
    body: ok({ kind: 'runFile', source: { kind: 'text', text, lines, fallback } }),
    locate: offset => Promise.resolve(formatPlace(text, offset)),
  };
}

/** A large local file: its text never enters the host. */
function fileContent(uri: vscode.Uri, fallback: string): SourceContent {
  return {
    body: ok({ kind: 'runFile', source: { kind: 'file', path: uri.fsPath, fallback } }),
    locate: undefined,
  };
}

async function literalContent(
  uri: vscode.Uri,
  { range }: Extract<InspectionSource, { kind: 'literal' }>,
): Promise<Result<SourceContent>> {
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const readable = readableText(document.getText(), document.languageId, document.uri.path);
    const literal = readLiteral(readable.text, range.start, readable.language);
    const locate = (offset: number): Promise<string> =>
      Promise.resolve(formatPosition(document.positionAt(offset)));
    return ok({ body: literal, locate });
  } catch (error) {
    return { ok: false, problem: readProblem(baseName(uri.toString()), error) };
  }
}

function formatPosition(position: vscode.Position): string {
  return `line ${position.line + 1}, column ${position.character + 1}`;
}

function folderProblem(name: string): Result<never> {
  return fail('source-folder', `${name} is a folder: choose a file in it, such as a .bn.json.`);
}

function tooLargeProblem(name: string, bytes: number): Result<never> {
  const size = Math.round(bytes / (1 << 20));
  const limit = largestRemoteFile >> 20;
  return fail(
    'source-too-large',
    `${name} has ${size} MB, and from this file system at most ${limit} MB are read whole: copy it to the machine VS Code runs on.`,
  );
}

function readProblem(name: string, error: unknown): Problem {
  const code = error instanceof vscode.FileSystemError ? error.code : '';
  if (code === 'FileNotFound') {
    const message = `${name} is not there: it was moved, renamed or deleted. Put it back, or inspect another file.`;
    return { code: 'source-missing', severity: 'error', message };
  }
  if (code === 'FileIsADirectory') {
    const folder = folderProblem(name);
    if (!folder.ok) return folder.problem;
  }
  if (code === 'NoPermissions') {
    const message = `${name} may not be read: check its permissions.`;
    return { code: 'source-unreadable', severity: 'error', message };
  }
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  const message = `${name} cannot be read: ${reason ?? 'the file system gave no reason'}.`;
  return { code: 'source-unreadable', severity: 'error', message };
}
