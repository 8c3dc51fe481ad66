import * as assert from 'node:assert';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { closeAll, eventually, panels, results, run, sample } from './results';

/** A notebook as it is on the disk, with what its cells printed. */
function notebookText(cells: readonly { source: string; printed: string }[]): string {
  return JSON.stringify({
    cells: cells.map(({ source, printed }) => ({
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      source: [source],
      outputs: [{ output_type: 'stream', name: 'stdout', text: [printed] }],
    })),
    metadata: { language_info: { name: 'python' } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

const printed =
  '\x1b[32mx\x1b[0m = tensor([[1., 2.],\n        [3., 6.]], dtype=torch.float32)\nloss: 0.5\n';

describe('what a cell of a notebook printed', function () {
  this.timeout(60_000);
  let notebook: vscode.NotebookDocument;
  let controller: vscode.NotebookController | undefined;
  let next = '';

  before(async () => {
    const file = sample('printed.ipynb');
    const cells = [
      { source: 'print("x =", x)', printed },
      { source: 'print("no tensor")', printed: 'no tensor here\n' },
    ];
    writeFileSync(file.fsPath, notebookText(cells));
    notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
  });
  after(async () => {
    controller?.dispose();
    await closeAll();
  });

  it('is inspected, the selected cell from the palette', async () => {
    await run('inspectOutput');
    const { shape, channels } = await results();
    assert.deepEqual(shape, [2, 2]);
    assert.deepEqual(
      channels.map(({ batchMean }) => batchMean),
      [2, 4],
    );
    assert.deepEqual(panels(), ['Batch Norm: x · printed.ipynb.log']);
  });

  it('is followed when the cell runs again', async () => {
    controller = vscode.notebooks.createNotebookController('test', 'jupyter-notebook', 'Test');
    controller.supportedLanguages = ['python'];
    controller.executeHandler = async ([cell]) => {
      assert.ok(cell && controller);
      const execution = controller.createNotebookCellExecution(cell);
      execution.start();
      const item = vscode.NotebookCellOutputItem.stdout(next);
      await execution.replaceOutput(new vscode.NotebookCellOutput([item]));
      execution.end(true);
    };
    controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
    next = 'x = tensor([[1., 2.],\n        [5., 6.]], dtype=torch.float32)\n';
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('notebook.selectKernel', {
      id: 'test',
      extension: 'normscope.normscope',
    });
    await vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start: 0, end: 1 }],
      document: notebook.uri,
    });
    await eventually(async () => {
      const { channels } = await results();
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [3, 4],
      );
    });
  });

  it('says so where it is no tensor', async () => {
    const open = panels().length;
    await run('inspectOutput', notebook.cellAt(1).document.uri.toString());
    assert.equal(panels().length, open);
  });
});
