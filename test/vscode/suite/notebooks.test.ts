import * as assert from 'node:assert';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { hasDebugpy } from './debugging';
import { closeAll, copied, eventually, panels, results, run, sample } from './results';

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

/** Runs the first cell with a kernel of its own, which the caller disposes of. @param id of the kernel */
async function runFirstCell(
  notebook: vscode.NotebookDocument,
  id: string,
  work: (execution: vscode.NotebookCellExecution) => Promise<void>,
): Promise<vscode.NotebookController> {
  const controller = vscode.notebooks.createNotebookController(id, 'jupyter-notebook', id);
  controller.supportedLanguages = ['python'];
  controller.executeHandler = async ([cell]) => {
    assert.ok(cell);
    const execution = controller.createNotebookCellExecution(cell);
    execution.start();
    await work(execution);
    execution.end(true);
  };
  await vscode.window.showNotebookDocument(notebook);
  const kernel = { id, extension: 'normscope.normscope' };
  await vscode.commands.executeCommand('notebook.selectKernel', kernel);
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: 0, end: 1 }],
    document: notebook.uri,
  });
  return controller;
}

const printed =
  '\x1b[32mx\x1b[0m = tensor([[1., 2.],\n        [3., 6.]], dtype=torch.float32)\nloss: 0.5\n';

describe('what a cell of a notebook printed', function () {
  this.timeout(60_000);
  let notebook: vscode.NotebookDocument;
  let controller: vscode.NotebookController | undefined;

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
    const after = 'x = tensor([[1., 2.],\n        [5., 6.]], dtype=torch.float32)\n';
    controller = await runFirstCell(notebook, 'test', async execution => {
      const item = vscode.NotebookCellOutputItem.stdout(after);
      await execution.replaceOutput(new vscode.NotebookCellOutput([item]));
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

/** The kernel of the stub that stands in for the Jupyter extension: a real Python. */
interface Kernel {
  readonly executed: readonly string[];
  executeCode(code: string): AsyncIterable<unknown>;
}

describe('a variable of a notebook’s kernel', function () {
  this.timeout(60_000);
  let notebook: vscode.NotebookDocument;
  let kernel: Kernel;
  let controller: vscode.NotebookController | undefined;

  const execute = async (code: string): Promise<void> => {
    for await (const output of kernel.executeCode(code)) assert.ok(output);
  };
  const variable = (name: string, type: string): object => ({
    name,
    type,
    fileName: notebook.uri,
    supportsDataExplorer: true,
  });

  before(async function () {
    if (!hasDebugpy()) this.skip();
    const file = sample('kernel.ipynb');
    writeFileSync(file.fsPath, notebookText([{ source: 'x = x + 1', printed: '' }]));
    notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    await run('inspectJupyterVariable', variable('x', 'Tensor'));
    assert.deepEqual(panels(), [], 'nothing opens where no kernel runs');
    const jupyter: unknown = await vscode.extensions.getExtension('ms-toolsai.jupyter')?.activate();
    kernel = (jupyter as { start: (uri: vscode.Uri) => Kernel }).start(notebook.uri);
    await execute('import torch\nx = torch.arange(16.).reshape(2, 2, 2, 2).transpose(0, 1)');
  });
  after(async () => {
    controller?.dispose();
    await closeAll();
  });

  it('is inspected from Jupyter’s view of variables', async () => {
    const { contributes } = vscode.extensions.getExtension('normscope.normscope')?.packageJSON as {
      contributes: { jupyterVariableViewers: { command: string; dataTypes: string[] }[] };
    };
    const viewer = contributes.jupyterVariableViewers.find(({ dataTypes }) =>
      dataTypes.includes('Tensor'),
    );
    assert.ok(viewer);
    await vscode.commands.executeCommand(viewer.command, variable('x', 'Tensor'));
    const { shape, channels, convention } = await results();
    assert.deepEqual({ shape, convention }, { shape: [2, 2, 2, 2], convention: 'pytorch' });
    assert.deepEqual(
      channels.map(({ batchMean }) => batchMean),
      [3.5, 11.5],
    );
    assert.deepEqual(panels(), ['Batch Norm: x · kernel.ipynb']);
  });

  it('is read again when a cell has run', async () => {
    controller = await runFirstCell(notebook, 'kernel', ({ cell }) =>
      execute(cell.document.getText()),
    );
    await eventually(async () => {
      const { channels } = await results();
      assert.deepEqual(
        channels.map(({ batchMean }) => batchMean),
        [4.5, 12.5],
      );
    });
  });

  it('is a batch norm too', async () => {
    await execute('bn = torch.nn.BatchNorm2d(2, momentum=0.2).eval()');
    await run('inspectJupyterVariable', variable('bn', 'BatchNorm2d'));
    const { momentum, flags } = await results();
    assert.deepEqual({ momentum, training: flags.training }, { momentum: 0.2, training: false });
  });

  it('leaves the kernel’s names as they were', async () => {
    const names: string[] = [];
    for await (const output of kernel.executeCode('print(sorted(globals()))')) {
      const { items } = output as { items: readonly { data: Uint8Array }[] };
      names.push(...items.map(({ data }) => new TextDecoder().decode(data).trim()));
    }
    assert.deepEqual(names, ["['__builtins__', '__name__', 'bn', 'torch', 'x']"]);
  });

  it('that raises, or is none, says so and opens nothing', async () => {
    const before = panels();
    await execute('s = "text"');
    await run('inspectJupyterVariable', variable('s', 'str'));
    await run('inspectJupyterVariable', variable('missing', 'Tensor'));
    assert.deepEqual(panels(), before);
  });

  it('of 6 MB comes in chunks, whole', async () => {
    await execute('big = torch.arange(1_500_000.).reshape(1500, 1000)');
    await run('inspectJupyterVariable', variable('big', 'Tensor'));
    const [head = '', ...rows] = (await copied('csv')).trim().split('\n');
    assert.equal(rows.length, 1000);
    const batchMean = head.split(',').findIndex(name => /batch.?mean/i.test(name));
    // The mean of 999, 1999, … over 1,500 rows.
    assert.equal(Number(rows[999]?.split(',')[batchMean]), 999 + (1000 * 1499) / 2);
  });
});
