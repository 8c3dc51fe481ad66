import * as vscode from 'vscode';
import type { TensorLiteral } from '../../core/text/literal';
import { formatShape } from '../../core/tensor/shape';
import { isRecord } from '../guards';
import { unreadable } from '../inspection/literalContent';
import { findCell } from '../notebooks/cellOutputs';
import { outputUriOf } from '../notebooks/outputUri';
import type { Command } from './command';
import { choose, say } from './prompts';
import { isUri } from './resources';

/** For the button under a cell, which gives the cell's address, and for the palette: the selected cell. */
export const inspectOutput: Command = {
  id: 'inspectOutput',
  run: async ({ notebooks, panels }, uri) => {
    const cell = typeof uri === 'string' ? findCell(vscode.Uri.parse(uri, true)) : selectedCell();
    if (!cell) {
      await say('Select a cell of a notebook that printed a tensor.');
      return;
    }
    const literal = await chooseTensor(notebooks.tensorsOf(cell));
    if (literal === undefined) return;
    if (literal === 'none') {
      await say('This cell printed no tensor that can be inspected: print one whole.');
      return;
    }
    if (literal.content.kind !== 'tensor') {
      await say(unreadable(literal).message);
      return;
    }
    const { range, name } = literal;
    const output = outputUriOf(cell.document.uri).toString();
    await panels.open({ kind: 'literal', uri: output, range, name }).settled();
  },
};

/** For Jupyter's view of variables, which names the one that is meant and its notebook. */
export const inspectJupyterVariable: Command = {
  id: 'inspectJupyterVariable',
  run: async ({ debugging, panels }, variable) => {
    if (!isRecord(variable) || typeof variable.name !== 'string') return;
    const notebook = notebookOf(variable.fileName);
    if (notebook === undefined) {
      await say(`Which notebook “${variable.name}” is of is not known: open that first.`);
      return;
    }
    const source = await debugging.sourceOfKernel(variable.name, notebook);
    if (source.ok) await panels.open(source.value).settled();
    else await say(source.problem.message);
  },
};

/** Jupyter names the notebook from 2022 on; before, it showed the variables of the active one. */
function notebookOf(fileName: unknown): string | undefined {
  if (isUri(fileName)) return fileName.toString();
  if (isRecord(fileName) && typeof fileName.path === 'string') {
    const { scheme, path } = fileName;
    return vscode.Uri.from({
      scheme: typeof scheme === 'string' ? scheme : 'file',
      path,
    }).toString();
  }
  return vscode.window.activeNotebookEditor?.notebook.uri.toString();
}

/** The selected cell of the notebook in front: the first of several. */
export function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  const index = editor?.selection.start;
  if (!editor || index === undefined || index >= editor.notebook.cellCount) return undefined;
  return editor.notebook.cellAt(index);
}

async function chooseTensor(
  literals: readonly TensorLiteral[],
): Promise<TensorLiteral | 'none' | undefined> {
  const [first] = literals;
  if (!first) return 'none';
  if (literals.length === 1) return first;
  return choose(
    'Inspect which tensor that this cell printed?',
    literals.map((literal, i) => ({
      label: literal.name === '' ? `Tensor ${i + 1}` : literal.name,
      description: summaryOf(literal),
      value: literal,
    })),
  );
}

function summaryOf({ content, call }: TensorLiteral): string {
  switch (content.kind) {
    case 'tensor':
      return `${formatShape(content.tensor.shape)} ${call}`.trim();
    case 'elided':
      return `${content.shape ? formatShape(content.shape) : ''} printed with parts left out`.trim();
    case 'malformed':
    case 'tooLarge':
      return content.problem.message;
  }
}
