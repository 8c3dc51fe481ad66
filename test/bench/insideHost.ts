import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { jsonText, logText, pythonText } from './documents';
import { measureInside } from './inside';
import { seededRandom, type Measurements } from './measure';

const hovers = 60;

/** Runs in a real extension host: how long a hover takes in large documents. One round. */
export const run = (): Promise<void> => measureInside(measure);

async function measure(measured: Measurements): Promise<void> {
  await measureHovers(measured, '1 MB document', 'bench-1.py', pythonText(1e6));
  await measureHovers(measured, '10 MB document', 'bench-10.py', pythonText(10e6));
  await measureHovers(measured, '10 MB JSON', 'bench-10.json', jsonText(10e6));
  await measureHovers(measured, '10 MB log of 50,000 tensors', 'bench.log', logText(10e6, 50_000));
}

/** Hovers over random numbers of a document: no other extension answers there. */
async function measureHovers(
  measured: Measurements,
  name: string,
  fileName: string,
  text: string,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('a folder must be open');
  const file = join(folder.uri.fsPath, fileName);
  writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  const random = seededRandom(3);
  for (let i = 0; i < hovers; i++) {
    const position = numberAt(document, Math.floor(random() * document.lineCount));
    const start = performance.now();
    const found = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    );
    const took = performance.now() - start;
    if (found.length === 0) throw new Error(`no hover at line ${position.line + 1} of ${file}`);
    measured.add(`${i === 0 ? 'the first hover' : 'hover'}, ${name}`, took);
  }
}

/** The first number at or after a line that is a row of an array. */
function numberAt(document: vscode.TextDocument, from: number): vscode.Position {
  for (let step = 0; step < document.lineCount; step++) {
    const line = (from + step) % document.lineCount;
    const { text } = document.lineAt(line);
    const row = /^ {4,8}\[ *-?\d/.exec(text);
    if (row) return new vscode.Position(line, row[0].length);
  }
  throw new Error('the document has no array');
}
