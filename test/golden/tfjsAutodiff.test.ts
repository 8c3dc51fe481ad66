import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { keras3 } from '../../src/core/batchnorm/conventions/keras3';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import { createEngine } from '../../src/engine/engine';
import { toWireLayer } from '../../src/protocol/wireLayer';
import { printedSeed, Random } from '../property/random';
import { makeLayer, never, tensorCount, valueOf } from '../unit/engine/support';

/**
 * tfjs's own autodiff through its own operations, as the user of tfjs would write a layer: tf.moments
 * and tf.batchNorm, the channels last and both a scale and an offset given, without which it fails. It
 * fails for rank 5, too (FusedBatchNorm_grad.js tiles a tensor of rank 4).
 */
function stock(
  { x, dy, shape }: { x: Float32Array; dy: Float32Array; shape: number[] },
  { gamma, beta, movingMean, movingVariance, epsilon }: BatchNormLayer,
  training: boolean,
): readonly Float32Array[] {
  const vector = (values: Float64Array): tf.Tensor1D => tf.tensor1d(Float32Array.from(values));
  const axes = shape.map((_, axis) => axis).slice(0, -1);
  return tf.tidy(() => {
    const layer = (input: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor): tf.Tensor => {
      const { mean, variance } = training
        ? tf.moments(input, axes)
        : { mean: vector(movingMean), variance: vector(movingVariance) };
      const by = [mean, variance, offset, scale] as tf.Tensor1D[];
      const [m, v, b, g] = by as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
      return tf.batchNorm(input, m, v, b, g, epsilon);
    };
    const all = tf.grads(layer)(
      [tf.tensor(x, shape), vector(gamma), vector(beta)],
      tf.tensor(dy, shape),
    );
    return all.map(tensor => tensor.dataSync() as Float32Array);
  });
}

const seed = printedSeed('tfjs autodiff');
const engine = createEngine();

describe("the engine's gradients against tfjs's own autodiff", () => {
  afterAll(async () => {
    expect(await tensorCount(engine), 'tensors left behind').toBe(0);
  });

  it.each([
    [[64, 5], true],
    [[64, 5], false],
    [[4, 6, 6, 3], true],
    [[4, 6, 6, 3], false],
    [[5, 4, 3], true],
    [[5, 4, 3], false],
  ])('%j, training %s', async (shape, training) => {
    const random = new Random(seed);
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const draw = (length: number): Float32Array =>
      Float32Array.from({ length }, () => random.normal());
    const [x, dy] = [draw(size).map(value => 2 * value + 1), draw(size)];
    const channels = shape.at(-1) ?? 1;
    const column = (): Float64Array => Float64Array.from(draw(channels));
    const layer = makeLayer(keras3, shape, shape.length - 1, {
      gamma: column(),
      beta: column(),
      movingMean: column(),
      movingVariance: column().map(value => 0.3 + value * value),
    });
    const [wantedX, wantedGamma, wantedBeta] = stock({ x, dy, shape }, layer, training);
    const handle = valueOf(await engine.load({ shape, dtype: 'float32', data: x.slice() }, never));
    const found = await engine.gradients(
      {
        input: handle.id,
        layer: toWireLayer(layer),
        flags: { training, trainable: true },
        upstream: { kind: 'given', tensor: { shape, dtype: 'float32', data: dy } },
        elements: { start: 0, count: size },
      },
      never,
    );
    await engine.close(handle.id, never);
    const { elements, gamma, beta } = valueOf(found);
    // Its own sums are float32: a millionth of their terms is what they are good for.
    expectNear(elements, wantedX ?? [], 4e-6);
    expectNear(gamma, wantedGamma ?? [], 1e-6 * size);
    expectNear(beta, wantedBeta ?? [], 1e-6 * size);
  });
});

function expectNear(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs((got[i] as number) - (wanted[i] as number));
    expect(difference, `element ${i}`).toBeLessThan(
      tolerance * (1 + Math.abs(wanted[i] as number)),
    );
  }
}
