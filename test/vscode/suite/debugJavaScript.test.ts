import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { Debuggee } from './debugging';
import { closeAll, copied, eventually, results, run } from './results';

const root = vscode.extensions.getExtension('normscope.normscope')?.extensionPath ?? '';

const program = `const tf = require(${JSON.stringify(`${root}/node_modules/@tensorflow/tfjs`)});

function batch(step) {
  const values = Float32Array.from({ length: 8 }, (_, i) => i + step);
  const rows = [[[1, 2], [3, 4]], [[5, 6], [7, 8 + step]]];
  const image = tf.tensor4d([...values, ...values], [2, 2, 2, 2]);
  const bytes = new Uint8Array([1, 2, 3, 250]).buffer;
  const large = tf.tensor(Float32Array.from({ length: 983_040 }, (_, i) => (i % 3) + (i < 491_520 ? 0 : 10)), [16, 64, 320, 3]);
  const layer = tf.layers.batchNormalization({ momentum: 0.75, epsilon: 0.002, axis: 3 });
  layer.apply(image, { training: true });
  const gone = tf.tensor1d([1, 2]);
  gone.dispose();
  values[0] = 100; // stop
  return { values, rows, image, bytes, large, layer, gone };
}

for (let step = 0; step < 3; step++) batch(step);
`;

/** Of tensors that are too large to be copied whole. */
async function channelMeans(): Promise<number[]> {
  const [head = '', ...rows] = (await copied('csv')).trim().split('\n');
  const column = head.split(',').indexOf('batch_mean');
  return rows.map(row => Number(row.split(',')[column]));
}

const means = async (): Promise<number[]> =>
  (await results()).channels.map(({ batchMean }) => batchMean);

describe('a paused JavaScript program', function () {
  this.timeout(60_000);
  let debuggee: Debuggee;

  before(async () => {
    debuggee = await Debuggee.start('batch.js', program, 'pwa-node');
  });
  after(async () => {
    await closeAll();
    await (debuggee as Debuggee | undefined)?.end();
  });

  it('shows typed arrays, and follows a step', async () => {
    await run('inspectExpression', 'values');
    assert.deepEqual((await results()).output.data.length, 8);
    assert.deepEqual(await means(), [0, 1, 2, 3, 4, 5, 6, 7]);
    await debuggee.go('workbench.action.debug.stepOver');
    await eventually(async () => assert.deepEqual(await means(), [100, 1, 2, 3, 4, 5, 6, 7]));
  });

  it('shows nested arrays', async () => {
    await run('inspectExpression', 'rows');
    const { shape } = await results();
    assert.deepEqual(shape, [2, 2, 2]);
    assert.deepEqual(await means(), [4, 5]);
  });

  it('shows tensors of TensorFlow.js under its rules', async () => {
    await run('inspectVariable', {
      sessionId: debuggee.session?.id,
      variable: { name: 'image', evaluateName: 'image' },
    });
    const { shape, convention } = await results();
    assert.deepEqual({ shape, convention }, { shape: [2, 2, 2, 2], convention: 'tfjs' });
    assert.deepEqual(await means(), [3, 4]);
  });

  it('shows buffers as their bytes', async () => {
    await run('inspectExpression', 'bytes');
    assert.deepEqual(await means(), [1, 2, 3, 250]);
  });

  it('reads in chunks what is large', async () => {
    await run('inspectExpression', 'large');
    assert.deepEqual(await channelMeans(), [5, 6, 7]);
  });

  it('shows a layer with its parameters', async () => {
    await run('inspectExpression', 'layer');
    const { epsilon, momentum, convention, flags } = await results();
    assert.deepEqual(
      { epsilon, momentum, convention, trainable: flags.trainable },
      { epsilon: 0.002, momentum: 0.75, convention: 'tfjs', trainable: true },
    );
  });

  it('follows to the next stop', async () => {
    await run('inspectExpression', 'rows');
    await debuggee.go();
    await eventually(async () => assert.deepEqual(await means(), [4, 5.25]));
  });

  it('goes on undisturbed', async () => {
    assert.equal(await debuggee.evaluate('tf.memory().numTensors > 0'), 'true');
    await debuggee.go();
    assert.equal(await debuggee.evaluate('step'), '2');
  });
});
