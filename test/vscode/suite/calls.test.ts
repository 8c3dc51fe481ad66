import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { closeAll, eventually, panels, replaceIn, results, run } from './results';

/**
 * The code that the question is about (Stack Overflow 50209310): its parameters, its flags, an image that is fed to a
 * placeholder.
 */
const seed = (image: string): string => `import numpy as np
import tensorflow as tf

img = ${image}

beta = np.ones((4)).astype(np.float32)*1
gamma = np.ones((4)).astype(np.float32)*2
moving_mean = np.zeros((4)).astype(np.float32)
moving_var = np.ones((4)).astype(np.float32)

_input = tf.placeholder(tf.float32, shape=(1,2,2,4), name='input')

out = tf.layers.batch_normalization(
       _input,
       beta_initializer=tf.constant_initializer(beta),
       gamma_initializer=tf.constant_initializer(gamma),
       moving_mean_initializer=tf.constant_initializer(moving_mean),
       moving_variance_initializer=tf.constant_initializer(moving_var),
       training=False, trainable=False)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(out, feed_dict={_input: np.expand_dims(img, 0)}))
`;

const random = 'np.random.randint(0,10,(2,2,4)).astype(np.float32)';
const image = 'np.array([[[4,5,9,0],[7,8,9,6]],[[2,1,6,5],[0,0,2,0]]]).astype(np.float32)';

async function opened(content: string, language = 'python'): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Normscope's lenses over calls. */
async function lenses({ uri }: vscode.TextDocument): Promise<readonly vscode.Command[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    100,
  );
  return found.flatMap(({ command }) =>
    command?.command === 'normscope.inspectCall' ? [command] : [],
  );
}

async function hover(document: vscode.TextDocument, over: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(over)),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map(content => (content instanceof vscode.MarkdownString ? content.value : ''))
    .filter(text => text.includes('normscope.inspectCall'))
    .join('\n');
}

async function press(lens: vscode.Command | undefined): Promise<void> {
  assert.ok(lens, 'there is a lens');
  await vscode.commands.executeCommand(lens.command, ...(lens.arguments as unknown[]));
}

describe('batch-norm calls in code', () => {
  before(async () => {
    await vscode.extensions.getExtension('normscope.normscope')?.activate();
  });
  afterEach(closeAll);

  it("are explained above them: the question's own code", async () => {
    const document = await opened(seed(random));
    const [lens, another] = await lenses(document);
    assert.ok(lens);
    assert.equal(another, undefined);
    assert.equal(
      lens.title,
      'moving statistics · momentum 0.99 (0.01 in PyTorch) · epsilon 0.001 · channel axis −1',
    );
    assert.match(lens.tooltip ?? '', /^The moving mean and variance normalise, because/);
  });

  it("open set up like the question's own code", async () => {
    const document = await opened(seed(random));
    await press((await lenses(document))[0]);
    const { convention, flags, shape, channels } = await results();
    assert.equal(convention, 'tf1');
    assert.deepEqual(flags, { training: false, trainable: false });
    assert.deepEqual(shape, [1, 2, 2, 4]);
    assert.deepEqual(
      channels.map(({ gamma, movingMeanBefore, movingVarianceAfter }) => [
        gamma,
        movingMeanBefore,
        movingVarianceAfter,
      ]),
      Array.from({ length: 4 }, () => [2, 0, 1]),
    );
    assert.ok(panels().some(title => title.includes('batch_normalization')));
  });

  it('are run over what they are given, and follow the code', async () => {
    const document = await opened(seed(image));
    await press((await lenses(document))[0]);
    const first = (await results()).output.data.slice(0, 4).map(value => Math.round(value));
    assert.deepEqual(first, [9, 11, 19, 1]);
    await replaceIn(document, 'import numpy as np', '# of a question\nimport numpy as np');
    await replaceIn(document, 'training=False', 'training=True');
    await eventually(async () => {
      const { flags, output } = await results();
      assert.equal(flags.training, true);
      assert.deepEqual(
        output.data.slice(0, 4).map(value => Math.round(value)),
        [2, 2, 3, -1],
      );
    });
  });

  it('are explained by a hover', async () => {
    const document = await opened('import torch.nn as nn\nbn = nn.BatchNorm2d(64, momentum=m)\n');
    const text = await hover(document, 'BatchNorm2d');
    assert.match(text, /In train\\\(\\\) the batch/);
    assert.match(text, /`momentum=m`/);
    assert.equal(await hover(document, 'torch'), '');
  });

  it('open at the cursor by a command', async () => {
    const document = await opened('bn = nn.BatchNorm2d(3, eps=0.5)\n');
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const at = document.positionAt(document.getText().indexOf('eps'));
    editor.selection = new vscode.Selection(at, at);
    await run('inspectCall');
    const { convention, epsilon, channelAxis, shape } = await results();
    assert.deepEqual([convention, epsilon, channelAxis], ['pytorch', 0.5, 1]);
    assert.deepEqual(shape, [8, 3, 8, 8]);
    assert.ok(panels().some(title => title.includes('bn · ')));
  });

  it('are understood in TypeScript', async () => {
    const document = await opened(
      [
        "import * as tf from '@tensorflow/tfjs';",
        'const x = tf.tensor2d([[1, 2], [3, 4]]);',
        'const y = tf.layers.batchNormalization({ epsilon: 0.5 }).apply(x, { training: true });',
      ].join('\n'),
      'typescript',
    );
    await press((await lenses(document))[0]);
    const { convention, flags, epsilon, channels } = await results();
    assert.deepEqual([convention, flags.training, epsilon], ['tfjs', true, 0.5]);
    assert.deepEqual(
      channels.map(({ batchMean }) => batchMean),
      [2, 3],
    );
  });

  it('in a cell have what the other cells import, set and do', async () => {
    const cell = (text: string): vscode.NotebookCellData =>
      new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([
        cell(
          'import torch\nfrom torch import nn as layers\nx = torch.tensor([[1., 2.], [3., 4.]])',
        ),
        cell('bn = layers.BatchNorm1d(2)'),
        cell('y = bn(x)'),
      ]),
    );
    const { document } = notebook.cellAt(1);
    assert.match(await hover(document, 'BatchNorm1d'), /PyTorch/);
    await run('inspectCall', document.uri.toString(), document.getText().indexOf('layers'));
    const { convention, channels } = await results();
    assert.equal(convention, 'pytorch');
    assert.deepEqual(
      channels.map(({ batchMean }) => batchMean),
      [2, 3],
    );
  });

  it('have no lenses where the setting says so', async () => {
    const document = await opened('nn.BatchNorm2d(3)\n');
    assert.equal((await lenses(document)).length, 1);
    const configuration = vscode.workspace.getConfiguration('normscope');
    await configuration.update('codeLens.calls', false, vscode.ConfigurationTarget.Global);
    try {
      await eventually(async () => assert.equal((await lenses(document)).length, 0));
    } finally {
      await configuration.update('codeLens.calls', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('say so when they are gone', async () => {
    const document = await opened('bn = nn.BatchNorm2d(3)\n');
    await press((await lenses(document))[0]);
    await replaceIn(document, 'nn.BatchNorm2d(3)', 'nn.LayerNorm(3)');
    // The last good result stays on screen.
    await new Promise(resolve => setTimeout(resolve, 500));
    assert.deepEqual((await results()).shape, [8, 3, 8, 8]);
  });
});
