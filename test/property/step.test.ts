import { describe, expect, it } from 'vitest';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { flagCombinations } from '../../src/core/batchnorm/flags';
import { channelCount, type BatchNormLayer } from '../../src/core/batchnorm/layer';
import { refusal } from '../../src/core/batchnorm/plan';
import { step, type Step } from '../../src/core/batchnorm/step';
import type { Result } from '../../src/core/problem';
import {
  channelLayout,
  elementOfChannel,
  multiIndex,
  flatIndex,
} from '../../src/core/tensor/shape';
import type { Tensor } from '../../src/core/tensor/tensor';
import { printedSeed, Random } from './random';

const on = { training: true, trainable: true };

function unwrap(result: Result<Step>): Step {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

interface Scene {
  readonly layer: BatchNormLayer;
  readonly input: Tensor;
}

function randomScene(random: Random, precision: 'float32' | 'float64' = 'float64'): Scene {
  const rank = random.integer(2, 4);
  const shape = Array.from({ length: rank }, () => random.integer(2, 4));
  const channelAxis = random.integer(0, rank - 1);
  const channels = shape[channelAxis] as number;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const vector = (draw: () => number): Float64Array =>
    Float64Array.from({ length: channels }, () => Math.fround(draw()));
  const convention = random.pick(conventions);
  const layer: BatchNormLayer = {
    convention,
    gamma: vector(() => random.normal()),
    beta: vector(() => random.normal()),
    movingMean: vector(() => random.normal()),
    movingVariance: vector(() => 0.1 + random.next()),
    epsilon: random.pick([1e-3, 1e-5]),
    momentum: random.next(),
    channelAxis,
    batchesTracked: 0,
    precision,
  };
  const values = Array.from({ length: size }, () => Math.fround(2 + 3 * random.normal()));
  const data = precision === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
  return { layer, input: { shape, dtype: precision, data } };
}

/** The same tensor with two of its axes exchanged, and the layer's axis with them. */
function exchangeAxes({ layer, input }: Scene, a: number, b: number): Scene {
  const swap = <T>(values: readonly T[]): T[] =>
    values.map((value, i) => (i === a ? values[b] : i === b ? values[a] : value) as T);
  const shape = swap(input.shape);
  const data = new Float64Array(input.data.length);
  for (let i = 0; i < data.length; i++) {
    data[flatIndex(shape, swap(multiIndex(input.shape, i)))] = input.data[i] as number;
  }
  const axis = layer.channelAxis;
  const channelAxis = axis === a ? b : axis === b ? a : axis;
  return { layer: { ...layer, channelAxis }, input: { shape, dtype: 'float64', data } };
}

const seed = printedSeed('step');

/** Runs a law on many random scenes; a failure says with which. */
function always(law: (random: Random) => void): void {
  for (let run = 0; run < 200; run++) {
    try {
      law(new Random(seed + run));
    } catch (error) {
      throw new Error(`seed ${seed + run}: ${String(error)}`);
    }
  }
}

const closeTo = (actual: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-9): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    const close = Math.abs(a - b) <= within * (1 + Math.abs(b));
    if (!close) throw new Error(`[${i}]: ${a} instead of ${b}`);
  }
};

describe('a step, whatever the layer and the input', () => {
  it('gives outputs of mean beta and variance gamma²·v/(v + epsilon) where the batch normalises', () => {
    always(random => {
      const { layer, input } = randomScene(random);
      const { trace } = unwrap(step(layer, input, on));
      const spread = layer.gamma.map((gamma, c) => {
        const v = trace.batch.variance[c] as number;
        return Math.abs(gamma) * Math.sqrt(v / (v + trace.epsilon));
      });
      closeTo(trace.output.mean, layer.beta);
      closeTo(trace.output.std, spread);
    });
  });

  it('gives an affine map of each channel, the same whatever else is in the batch, in inference', () => {
    always(random => {
      const { layer, input } = randomScene(random);
      const flags = { training: false, trainable: random.boolean() };
      const { output } = unwrap(step(layer, input, flags));
      const doubled = { ...input, data: input.data.map(x => 2 * x) };
      const zero = unwrap(step(layer, { ...input, data: input.data.map(() => 0) }, flags)).output;
      const twice = unwrap(step(layer, doubled, flags)).output;
      closeTo(
        twice.data,
        Float64Array.from(output.data, (y, i) => 2 * y - (zero.data[i] as number)),
      );
    });
  });

  it('does not depend on where the channel axis is', () => {
    always(random => {
      const scene = randomScene(random);
      // Kernels differ by axis in TensorFlow; the arithmetic is what this is about.
      const { otherPath: _, ...convention } = scene.layer.convention;
      const layer = { ...scene.layer, convention };
      const [a, b] = [0, scene.input.shape.length - 1];
      const moved = exchangeAxes({ layer, input: scene.input }, a, b);
      const here = unwrap(step(layer, scene.input, on));
      const there = unwrap(step(moved.layer, moved.input, on));
      closeTo(there.layer.movingMean, here.layer.movingMean);
      closeTo(there.layer.movingVariance, here.layer.movingVariance);
      const output = { layer: there.layer, input: there.output };
      closeTo(exchangeAxes(output, a, b).input.data, here.output.data);
    });
  });

  it('keeps a NaN in the channel that it is in', () => {
    always(random => {
      const { layer, input } = randomScene(random);
      const layout = channelLayout(input.shape, layer.channelAxis);
      const sick = random.integer(0, layout.channels - 1);
      const at = elementOfChannel(layout, sick, random.integer(0, layout.outer * layout.inner - 1));
      const data = input.data.slice();
      data[at] = NaN;
      const healthy = unwrap(step(layer, input, on));
      const poisoned = unwrap(step(layer, { ...input, data }, on));
      for (let c = 0; c < layout.channels; c++) {
        const [before, after] = [healthy.layer.movingMean[c], poisoned.layer.movingMean[c]];
        if (c === sick) expect(after).toBeNaN();
        else expect(after).toBe(before);
      }
      const astray = Array.from(poisoned.output.data).filter((y, i) => {
        const channel = Math.floor(i / layout.inner) % layout.channels;
        return Number.isNaN(y) !== (channel === sick);
      });
      expect(astray).toEqual([]);
    });
  });

  it('moves the statistics towards the batch and never past it', () => {
    always(random => {
      const { layer, input } = randomScene(random);
      const { trace } = unwrap(step(layer, input, on));
      for (let c = 0; c < channelCount(layer); c++) {
        const [from, to] = [layer.movingMean[c] as number, trace.batch.mean[c] as number];
        const after = trace.movingMeanAfter[c] as number;
        expect(after).toBeGreaterThanOrEqual(Math.min(from, to) - 1e-12);
        expect(after).toBeLessThanOrEqual(Math.max(from, to) + 1e-12);
      }
    });
  });

  it('leaves its layer alone, and the statistics too where nothing updates', () => {
    always(random => {
      const { layer, input } = randomScene(random, 'float32');
      const before = structuredClone({ ...layer, convention: layer.convention.id });
      const flags = random.pick(flagCombinations);
      const stepped = unwrap(step(layer, input, flags, random.integer(1, 3)));
      expect({ ...layer, convention: layer.convention.id }).toEqual(before);
      if (!stepped.trace.updated) {
        expect(stepped.layer.movingMean).toEqual(layer.movingMean);
        expect(stepped.layer.movingVariance).toEqual(layer.movingVariance);
      }
      expect(stepped.trace.movingMeanBefore).toEqual(layer.movingMean);
      expect(stepped.layer.movingMean.every(x => Object.is(Math.fround(x), x))).toBe(true);
    });
  });

  it('is the same with every element masked in as without a mask, but for the 1e-7 of Keras 3', () => {
    always(random => {
      const { layer, input } = randomScene(random);
      const positions = input.data.length / (input.shape.at(-1) as number);
      const mask = new Uint8Array(positions).fill(1);
      const masked = unwrap(step(layer, input, on, 1, mask));
      closeTo(masked.trace.batch.mean, unwrap(step(layer, input, on)).trace.batch.mean, 1e-6);
    });
  });

  it('is refused exactly where refusal() says so', () => {
    always(random => {
      const { layer } = randomScene(random);
      const rank = random.integer(1, 6);
      const shape = Array.from({ length: rank }, (_, axis) =>
        axis === 0 ? channelCount(layer) : 1,
      );
      const data = new Float64Array(channelCount(layer)).fill(1);
      const flags = random.pick(flagCombinations);
      const at = { ...layer, channelAxis: 0 };
      const refused = refusal(at, rank, 1, flags);
      expect(step(at, { shape, dtype: 'float64', data }, flags).ok).toBe(refused === undefined);
    });
  });
});
