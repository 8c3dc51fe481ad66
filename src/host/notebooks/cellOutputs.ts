import * as vscode from 'vscode';
import type { TensorLiteral } from '../../core/text/literal';
import { searchLiterals } from '../../core/text/literalSearch';
import { readableText } from '../../core/text/readableText';
import { deservesHover } from '../hover/deservesHover';
import { defaultHoverSettings } from '../hover/hoverSettings';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import type { OpenInspections } from '../inspection/openInspections';
import { readsKernel, urisOf } from '../inspection/source';
import { openDocument } from '../inspection/sourceReader';
import { outputText } from './outputText';
import { cellUriOf, outputScheme, outputUriOf } from './outputUri';

/** Work of a search through an output, in characters; some ten milliseconds. */
const searchWork = 1 << 20;

/** Milliseconds after the last output until buttons are looked for again. */
const barDelay = 200;

/** Tensors of one output that a list shows. */
const mostTensors = 200;

/**
 * What cells of notebooks printed, as documents: a printed tensor there is inspected, followed and restored as one in a
 * log is. Under each cell that printed tensors a button says so.
 */
export class CellOutputs
  implements
    vscode.TextDocumentContentProvider,
    vscode.NotebookCellStatusBarItemProvider,
    Disposable
{
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #barChanged = this.#store.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCellStatusBarItems = this.#barChanged.event;
  /** A cell that prints all the time is searched when it pauses. */
  readonly #barLater = this.#store.add(new Debouncer(() => this.#barChanged.fire()));

  constructor(private readonly inspections: OpenInspections) {
    this.#store.add(vscode.workspace.registerTextDocumentContentProvider(outputScheme, this));
    this.#store.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider('*', this));
    this.#store.add(vscode.workspace.onDidChangeNotebookDocument(event => this.#follow(event)));
  }

  /** The text that a cell printed, its notebook opened where it is not. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const cellUri = cellUriOf(uri);
    const cell = findCell(cellUri) ?? (await openCell(cellUri));
    return cell ? textOf(cell) : '';
  }

  provideCellStatusBarItems(
    cell: vscode.NotebookCell,
  ): vscode.NotebookCellStatusBarItem | undefined {
    const count = this.tensorsOf(cell).length;
    if (count === 0) return undefined;
    const item = new vscode.NotebookCellStatusBarItem(
      '$(pulse) Inspect',
      vscode.NotebookCellStatusBarAlignment.Right,
    );
    item.tooltip =
      count === 1
        ? 'Inspect the tensor that was printed'
        : `Inspect one of ${count} printed tensors`;
    item.command = {
      title: item.tooltip,
      command: 'normscope.inspectOutput',
      arguments: [cell.document.uri.toString()],
    };
    return item;
  }

  /** The tensors that a cell printed, those with parts left out among them, in order. */
  tensorsOf(cell: vscode.NotebookCell): readonly TensorLiteral[] {
    const { text, language } = readableText(textOf(cell), 'log', '');
    const range = { start: 0, end: text.length };
    const options = { most: mostTensors, work: searchWork };
    return searchLiterals(text, range, language, options).literals.filter(literal =>
      deservesHover(literal, defaultHoverSettings),
    );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #follow({ notebook, cellChanges }: vscode.NotebookDocumentChangeEvent): void {
    const ran = cellChanges.some(({ executionSummary }) => executionSummary?.success !== undefined);
    if (ran) this.#followKernel(notebook.uri.toString());
    const printed = cellChanges.filter(({ outputs }) => outputs !== undefined);
    if (printed.length === 0) return;
    this.#barLater.run(barDelay);
    for (const { cell } of printed) {
      const uri = outputUriOf(cell.document.uri);
      this.#changed.fire(uri);
      // VS Code closes a document that nothing shows after a while: nobody hears of its changes then.
      if (openDocument(uri.toString())) continue;
      for (const session of this.inspections.all) {
        if (urisOf(session.source).includes(uri.toString())) void session.refresh();
      }
    }
  }

  /** What the kernel holds is read again when a cell has run. */
  #followKernel(uri: string): void {
    for (const session of this.inspections.all) {
      if (readsKernel(session.source, uri)) void session.refresh();
    }
  }
}

function textOf({ outputs }: vscode.NotebookCell): string {
  return outputText(outputs.map(({ items }) => items));
}

export function findCell(uri: vscode.Uri): vscode.NotebookCell | undefined {
  const wanted = uri.toString();
  return vscode.workspace.notebookDocuments
    .flatMap(notebook => notebook.getCells())
    .find(cell => cell.document.uri.toString() === wanted);
}

/** After a reload an inspection may be back before its notebook is. */
async function openCell(uri: vscode.Uri): Promise<vscode.NotebookCell | undefined> {
  try {
    await vscode.workspace.openNotebookDocument(uri.with({ scheme: 'file', fragment: '' }));
  } catch {
    return undefined;
  }
  return findCell(uri);
}
