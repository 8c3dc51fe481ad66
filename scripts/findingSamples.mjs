// @ts-check
// Writes media/samples/findings: for each finding the smallest files in which it fires. Run it by hand after a change:
// `node scripts/findingSamples.mjs`. What fires in them is held by test/unit/cli/findingPages.test.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../media/samples/findings',
);

/** 32 rows of four channels, of means 1, 2, −3, 4 and deviations 1, 2, 3, 4. */
const rows = Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? [0, 0, -6, 0] : [2, 4, 0, 8]));

const layer = {
  gamma: [1, 1.5, 0.5, 1.2],
  beta: [0, 1, -1, 0.5],
  moving_mean: [1, 2, -3, 4],
  moving_variance: [1, 4, 9, 16],
};

/** A sound layer over a batch that it was trained on, but for what is changed. */
const run = (/** @type {object} */ change) => ({
  convention: 'keras3',
  training: false,
  ...layer,
  ...change,
  input: 'input' in change ? change.input : rows,
});

const far = rows.map(row => [row[0] ? 10000.01 : 9999.99, ...row.slice(1)]);
const seed = [
  [
    [
      [4, 5, 9, 0],
      [7, 8, 9, 6],
    ],
    [
      [2, 1, 6, 5],
      [0, 0, 2, 0],
    ],
  ],
];

/** What TensorFlow 1 makes of the seed's image in one step. */
const afterOneStep = {
  gamma: [2, 2, 2, 2],
  beta: [1, 1, 1, 1],
  moving_mean: [0.03249997, 0.03499997, 0.06499994, 0.02749997],
  moving_variance: [1.0791667, 1.1266665, 1.0999999, 1.0925],
  epsilon: 0.001,
  momentum: 0.99,
};

const trained = (/** @type {object} */ change = {}) => ({
  weight: layer.gamma,
  bias: layer.beta,
  running_mean: layer.moving_mean,
  running_var: layer.moving_variance,
  num_batches_tracked: 9000,
  ...change,
});

/** A layer of PyTorch that states all that two files can differ in. */
const stated = (/** @type {object} */ change = {}) =>
  trained({ convention: 'pytorch', epsilon: 0.00001, momentum: 0.1, ...change });

const other = {
  weight: [0.7, 1.1, 0.9, 1.3],
  bias: [0.2, -0.4, 0.6, -0.8],
  running_mean: [-2, 5, 0.5, -1],
  running_var: [2, 0.25, 6, 3],
};

/** A dense layer of four outputs, as it is before its batch norm is folded into it. */
const dense = {
  weight: [
    [0.5, -0.25, 1],
    [0.75, 0.5, -1],
    [-0.5, 1, 0.25],
    [1, 0.5, -0.75],
  ],
  bias: [0.5, -0.25, 1, 2],
};

const at = (/** @type {number[]} */ values, /** @type {number} */ c) => Number(values[c]);

const scales = layer.gamma.map(
  (gamma, c) => gamma / Math.sqrt(at(layer.moving_variance, c) + 1e-5),
);

/** The same dense layer with the batch norm in it. @param ownBias what becomes of its own bias */
const folded = (/** @type {(bias: number, scale: number) => number} */ ownBias) => ({
  fc1: {
    weight: dense.weight.map((row, c) => row.map(weight => weight * at(scales, c))),
    bias: dense.bias.map(
      (bias, c) =>
        at(layer.beta, c) - at(layer.moving_mean, c) * at(scales, c) + ownBias(bias, at(scales, c)),
    ),
  },
});

/** @type {Record<string, object>} */
const files = {
  'non-finite-input.bn.json': run({
    input: rows.map((row, i) => (i === 5 ? [2, NaN, 0, 8] : row)),
  }),
  'non-finite-parameters.bn.json': run({ gamma: [1, 1.5, NaN, 1.2] }),
  'non-finite-statistics.bn.json': run({ moving_mean: [1, 2, NaN, 4] }),
  'negative-variance.bn.json': run({
    moving_variance: [1, -0.00000999989, 9, 16],
    epsilon: 0.00001,
  }),
  'non-finite-output.bn.json': run({ moving_variance: [1, 0, 9, 16], epsilon: 0 }),
  'wrong-axis.bn.json': run({
    input: [
      [0, 1, 2, 3].map(c => [
        [c, 2],
        [3, c + 4],
      ]),
    ],
  }),
  'single-value.bn.json': run({ input: [[1, 2, 3, 4]], training: true }),
  'undivided-sums.bn.json': run({
    convention: 'caffe',
    moving_mean: [999.98, 1999.96, -2999.94, 3999.92],
    moving_variance: [999.98, 3999.92, 8999.82, 15999.68],
  }),
  'variance-rule.bn.json': run({ ...afterOneStep, convention: 'tfjs', input: seed }),
  'momentum-meaning.bn.json': run({ convention: 'pytorch', momentum: 0.99 }),
  'lost-digits.bn.json': run({ input: far, training: true, moving_mean: [10000, 2, -3, 4] }),
  'few-updates.bn.json': run({ ...afterOneStep, convention: 'tf1', input: seed }),
  'drift.bn.json': run({ moving_mean: [1, 2, -3, -8], moving_variance: [1, 4, 9, 4] }),
  'zero-moving-variance.bn.json': run({ moving_variance: [1, 0, 9, 16] }),
  'exploding-gamma.bn.json': run({ gamma: [1, 300, 0.5, 1.2] }),
  'zero-gamma.bn.json': run({ gamma: [1, 0, 0.5, 1.2] }),
  'never-updated.bn.json': run({ moving_mean: [0, 0, 0, 0], moving_variance: [1, 1, 1, 1] }),
  'few-values.bn.json': run({ input: rows.slice(0, 4), training: true }),
  'constant-channel.bn.json': run({ input: rows.map(row => [...row.slice(0, 3), 4]) }),
  'coarse-input.bn.json': run({ input: far, moving_mean: [10000, 2, -3, 4] }),
  'tiny-moving-variance.bn.json': run({ moving_variance: [1, 1e-38, 9, 16] }),
  'dead-gamma.bn.json': run({ gamma: [1, 0.0000001, 0.5, 1.2] }),
  'epsilon-matters.bn.json': run({ moving_variance: [1, 0.0001, 9, 16], epsilon: 0.001 }),
  'flags-meaning.bn.json': run({ convention: 'tf1', training: true, trainable: false }),
  'ambiguous-axis.bn.json': run({
    convention: 'pytorch',
    input: [[0, 1, 2, 3].map(c => [0, 1, 2, 3].map(y => [c + y, c - y]))],
  }),
  'fix-gamma.bn.json': run({ convention: 'mxnet' }),
  'count-missing.json': { bn1: trained(), bn2: trained({ num_batches_tracked: undefined }) },
  'training-mode-export.json': {
    bn1: { convention: 'onnx', training_mode: true, ...layer },
  },
  'frozen-moved-1.json': { bn1: trained() },
  'frozen-moved-2.json': {
    bn1: trained({ running_mean: [1, 2, -3, 6], num_batches_tracked: 9100 }),
  },
  'ranks-differ-rank0.json': { bn1: trained() },
  'ranks-differ-rank1.json': { bn1: trained({ running_mean: [1, 2, -3, 8] }) },
  'compare-trained.json': { bn1: stated() },
  'compare-keras.json': {
    bn1: { convention: 'keras3', epsilon: 0.00001, momentum: 0.9, ...layer },
  },
  'compare-two.json': { bn1: stated(), bn2: stated(other) },
  'statistics-swapped.json': {
    bn1: stated({ running_mean: layer.moving_variance, running_var: layer.moving_mean }),
  },
  'statistics-scaled.json': {
    bn1: stated({
      running_mean: layer.moving_mean.map(mean => mean * 1000),
      running_var: layer.moving_variance.map(variance => variance * 1000),
    }),
  },
  'variance-as-deviation.json': {
    bn1: stated({ running_var: layer.moving_variance.map(Math.sqrt) }),
  },
  'epsilon-in-variance.json': {
    bn1: stated({ running_var: layer.moving_variance.map(variance => variance + 0.001) }),
  },
  'epsilon-differs.json': { bn1: stated({ epsilon: 0.001 }) },
  'momentum-differs.json': { bn1: stated({ momentum: 0.9 }) },
  'parameter-absent.json': { bn1: stated({ weight: undefined }) },
  'layers-exchanged.json': { bn1: stated(other), bn2: stated() },
  'pairing-unsure.json': {
    first: stated({ ...other, running_mean: [3, 1, -2, 7], running_var: [5, 1.5, 0.5, 2] }),
    second: stated({ ...other, running_mean: [0.1, 8, 4, -6], running_var: [7, 0.75, 1.25, 9] }),
  },
  'compare-before-folding.json': { fc1: dense, bn1: stated() },
  'folded.json': folded((bias, scale) => bias * scale),
  'fold-error.json': folded(bias => bias),
};

/** A key a line, rows packed; NaN as Python writes it. */
const written = (/** @type {object} */ file) =>
  `{\n${Object.entries(file)
    .map(
      ([key, value]) =>
        `  "${key}": ${JSON.stringify(value, (_, x) => (Number.isNaN(x) ? 'NaN' : x))}`,
    )
    .join(',\n')}\n}\n`.replaceAll('"NaN"', 'NaN');

/** A checkpoint of vectors in float32: the length of the header, the header, the numbers. */
function safetensors(/** @type {Record<string, number[]>} */ tensors) {
  let end = 0;
  const header = Object.entries(tensors).map(([name, values]) => {
    const data_offsets = [end, (end += 4 * values.length)];
    return [name, { dtype: 'F32', shape: [values.length], data_offsets }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const numbers = Float32Array.from(Object.values(tensors).flat());
  return Buffer.concat([length, text, Buffer.from(numbers.buffer)]);
}

mkdirSync(folder, { recursive: true });
for (const [name, file] of Object.entries(files)) {
  writeFileSync(path.join(folder, name), written(file));
}
writeFileSync(
  path.join(folder, 'layer-incomplete.safetensors'),
  safetensors({
    'bn1.weight': layer.gamma,
    'bn1.bias': layer.beta,
    'bn1.running_mean': layer.moving_mean,
    'bn1.running_var': layer.moving_variance.slice(0, 3),
    'bn2.weight': layer.gamma,
    'bn2.bias': layer.beta,
    'bn2.running_mean': layer.moving_mean,
  }),
);
