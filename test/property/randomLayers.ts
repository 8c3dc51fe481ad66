import { conventions } from '../../src/core/batchnorm/conventions/registry';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import { sizeOf, type Shape } from '../../src/core/tensor/shape';
import type { Tensor } from '../../src/core/tensor/tensor';
import { makeLayer } from '../unit/engine/support';
import type { Random } from './random';

/** Ways to fill a tensor, each with its own trap. */
const fillings: Readonly<Record<string, (random: Random) => () => number>> = {
  normal: random => () => random.normal(),
  shifted: random => () => 1e4 + 1e-2 * random.normal(),
  constant: random => {
    const value = random.normal();
    return () => value;
  },
  'on the edges of histogram bins': random => () => random.integer(0, 16),
  'few values': random => () => random.pick([-1.5, 0, 0.25, 3]),
  'near the largest float32': random => () => random.normal() * 1e38,
  subnormal: random => () => random.normal() * 1e-42,
  'not all finite': random => () =>
    random.next() < 0.02 ? random.pick([NaN, Infinity, -Infinity]) : random.normal(),
};

export function randomShape(random: Random): Shape {
  const rank = random.integer(1, 5);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++)
    shape.push(random.integer(1, random.pick([3, 7, 40, 300])));
  return sizeOf(shape) > 60_000 ? randomShape(random) : shape;
}

export function randomLayer(random: Random, shape: Shape): BatchNormLayer {
  const axis = random.integer(0, shape.length - 1);
  const column = (value: () => number): Float64Array =>
    Float64Array.from({ length: shape[axis] ?? 1 }, () => Math.fround(value()));
  const odd = (usual: () => number, ...rare: readonly number[]): (() => number) => {
    const chosen = rare.length > 0 && random.next() < 0.2;
    return () => (chosen && random.boolean() ? random.pick(rare) : usual());
  };
  return makeLayer(random.pick(conventions), shape, axis, {
    gamma: column(odd(() => random.normal(), 0, -1, 1e30, NaN)),
    beta: column(odd(() => random.normal(), 0, 1e6, -1e3, Infinity)),
    movingMean: column(odd(() => random.normal(), 1e4, 1e30, NaN)),
    movingVariance: column(odd(() => random.next() * 4, 0, -1, 1e-30, NaN)),
    epsilon: random.pick([1e-3, 1e-5, 0]),
  });
}

/** Masks, renormalisation and virtual batches, each where the convention has it. */
export function randomOptions(
  random: Random,
  layer: BatchNormLayer,
  shape: Shape,
): { readonly layer: BatchNormLayer; readonly mask?: Uint8Array } {
  const { convention } = layer;
  const samples = shape[0] ?? 1;
  const choice = random.integer(0, 3);
  if (choice === 1 && convention.renorm !== undefined) {
    const positive = (): Float64Array => layer.movingMean.map(() => 0.1 + random.next());
    const state = { movingStddev: positive(), mean: positive(), stddev: positive() };
    const clipping = random.boolean() ? {} : { rmin: 0.5, rmax: 2, dmax: 1 };
    return { layer: { ...layer, renorm: { momentum: 0.9, clipping, state } } };
  }
  if (choice === 2 && convention.ghostBatch !== undefined) {
    // Mostly a divisor; what is none must be refused.
    const sizes = Array.from({ length: samples }, (_, i) => i + 1);
    const divisors = sizes.filter(size => samples % size === 0);
    const virtualBatchSize = random.pick(random.next() < 0.8 ? divisors : sizes);
    return { layer: { ...layer, virtualBatchSize } };
  }
  if (choice !== 3) return { layer };
  const positions = sizeOf(shape.slice(0, -1)) + (random.next() < 0.1 ? 1 : 0);
  const kept = random.next();
  const mask = Uint8Array.from({ length: positions }, () => (random.next() < kept ? 1 : 0));
  return { layer, mask };
}

export function randomInput(
  random: Random,
  shape: Shape,
): { readonly how: string; readonly tensor: Tensor } {
  const how = random.pick(Object.keys(fillings));
  const next = fillings[how]!(random);
  const data = Float32Array.from({ length: sizeOf(shape) }, next);
  return { how, tensor: { shape, dtype: 'float32', data } };
}
