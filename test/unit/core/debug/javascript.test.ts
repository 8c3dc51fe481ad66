import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import {
  decodeAnswer,
  parseDescription,
  parseListing,
  type Description,
  type ListedValue,
} from '../../../../src/core/debug/answers';
import { javascript } from '../../../../src/core/debug/javascript';

const require = createRequire(import.meta.url);
const tf: unknown = require('@tensorflow/tfjs');
const limits = { inlineBytes: 1 << 16, healthElements: 1000 };

/** Evaluates as a debugger does: with the frame's names, after `setup` ran. */
function evaluated(setup: string, expression: string): Buffer {
  const frame = { tf, Buffer, TextEncoder };
  runInNewContext(setup, frame);
  const before = Object.keys(frame);
  const answer: unknown = runInNewContext(expression, frame);
  expect(Object.keys(frame)).toEqual(before);
  const encoded = decodeAnswer(typeof answer === 'string' ? answer : '');
  if (!encoded) throw new Error('no answer');
  return Buffer.from(encoded.text, encoded.encoding);
}

function described(setup: string, expression: string): Description {
  const answer = evaluated(setup, javascript.describe(expression, limits)).toString('utf8');
  const parsed = parseDescription(answer, expression);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

function listed(setup: string, names: readonly string[]): readonly ListedValue[] {
  const parsed = parseListing(evaluated(setup, javascript.list(names, limits)).toString('utf8'));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

const setup = `
var values = Float32Array.from([1, NaN, -2, Infinity]);
var part = new Float32Array(values.buffer, 4, 2);
var rows = [[1, 2, 3], [4, 5, 6]];
var ragged = [[1], [2, 3]];
var texts = ['a'];
var bytes = new Uint8Array([1, 2]).buffer;
var wide = new BigInt64Array(3);
var image = tf.tensor2d([1, 2, 3, 4], [2, 2]);
var gone = tf.tensor1d([1]);
gone.dispose();
var layer = tf.layers.batchNormalization({ momentum: 0.75, epsilon: 0.002, axis: 1 });
layer.apply(image, { training: true });
var fresh = tf.layers.batchNormalization({});
var symbolic = tf.input({ shape: [3] });
var model = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [3] })] });
var batch = { image, label: 'x' };
var loud = { toString() { throw new Error('never'); }, get shape() { throw new Error('no shape'); } };
`;

describe('what is evaluated in a JavaScript program', () => {
  it.each([
    ['values', { shape: [4], dtype: 'float32', bytes: 16, health: { nan: 1, infinite: 1 } }],
    ['part', { shape: [2], elements: 2, health: { nan: 1, minimum: -2 } }],
    ['rows', { shape: [2, 3], dtype: 'float64', health: { mean: 3.5 } }],
    ['bytes', { shape: [2], dtype: 'uint8' }],
    ['wide', { shape: [3], dtype: 'int64', health: { maximum: 0 } }],
    ['image', { shape: [2, 2], dtype: 'float32', framework: 'TensorFlow.js' }],
    ['batch.image', { shape: [2, 2] }],
  ] as const)('describes %s', (expression, wanted) => {
    expect(described(setup, expression)).toMatchObject({ kind: 'tensor', ...wanted });
  });

  it.each([
    ['ragged', 'ragged'],
    ['texts', 'not-a-tensor'],
    ['gone', 'deleted'],
    ['symbolic', 'symbolic'],
    ['fresh', 'not-a-layer'],
    ['null', 'not-a-tensor'],
    ['loud', 'raised'],
  ])('refuses %s, with the reason', (expression, reason) => {
    expect(described(setup, expression)).toMatchObject({ kind: 'refused', reason });
  });

  it('describes a batch norm with parameters and flags', () => {
    const layer = described(setup, 'layer');
    expect(layer).toMatchObject({
      kind: 'layer',
      channels: 2,
      statement: { convention: 'tfjs', epsilon: 0.002, momentum: 0.75, channelAxis: 1 },
    });
    if (layer.kind !== 'layer') throw new Error('no layer');
    expect(Object.keys(layer.parameters)).toEqual([
      'gamma',
      'beta',
      'movingMean',
      'movingVariance',
    ]);
  });

  it('reads a range of elements', () => {
    const bytes = evaluated(setup, javascript.read('rows', 1, 4));
    expect([...new Float64Array(Uint8Array.from(bytes).buffer)]).toEqual([2, 3, 4]);
  });

  it('lists what a frame holds', () => {
    const names = ['values', 'texts', 'layer', 'model', 'batch', 'gone', 'missing'];
    expect(listed(setup, names).map(({ name }) => name)).toEqual([
      'values',
      'layer',
      'model.layers[0]',
      'batch.image',
      'gone',
    ]);
  });
});

describe('expressions of JavaScript', () => {
  it.each(['x', 'this.bn', 'a?.b', "batch['image']", 'a[0].b', 'this.#weights'])(
    'walks a path: %s',
    expression => expect(javascript.isPath(expression)).toBe(true),
  );

  it.each(['f(x)', 'x + y', 'x.map(y => y)'])('evaluates once: %s', expression =>
    expect(javascript.isPath(expression)).toBe(false),
  );

  it.each(['x = 3', 'x++', 'delete x.y', 'x >>= 1', 'x ??= 2'])('refuses %s', expression =>
    expect(javascript.refusal(expression)?.code).toBe('debug-assigns'),
  );

  it.each(['x === 3', 'x >= 3', 'x.map(y => y)', "x['=']"])('takes %s', expression =>
    expect(javascript.refusal(expression)).toBeUndefined(),
  );
});
