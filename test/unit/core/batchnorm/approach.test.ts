import { describe, expect, it } from 'vitest';
import {
  approachOf,
  halfWay,
  stepsUntil,
  withinOnePercent,
  type Approach,
} from '../../../../src/core/batchnorm/approach';
import { conventions, findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import type { Convention } from '../../../../src/core/batchnorm/convention';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { freshRenormState } from '../../../../src/core/batchnorm/renorm';
import { step } from '../../../../src/core/batchnorm/step';
import type { Flags } from '../../../../src/core/batchnorm/flags';
import { printedSeed, Random } from '../../../property/random';
import { makeLayer, valueOf } from '../../engine/support';

const on: Flags = { training: true, trainable: true };
const shape = [4, 2];
const input = { shape, dtype: 'float64' as const, data: Float64Array.of(1, 8, 2, 9, 4, 7, 5, 0) };
/** The moments of `input`, as the definition has them. */
const batch = {
  n: Float64Array.of(4, 4),
  mean: Float64Array.of(3, 6),
  variance: Float64Array.of(2.5, 12.5),
};

function convention(id: string): Convention {
  return valueOf(findConvention(id));
}

function layerOf(id: string, change: Partial<BatchNormLayer> = {}): BatchNormLayer {
  return makeLayer(convention(id), shape, 1, { precision: 'float64', ...change });
}

function approach(layer: BatchNormLayer, flags = on, momentum?: number | null): Approach {
  return momentum === undefined
    ? approachOf(layer, 2, batch, flags, 0)
    : approachOf(layer, 2, batch, flags, 0, momentum);
}

describe('the marks of a projection', () => {
  it.each([
    ['keras3', 0.99, 69, 459],
    ['tf1', 0.99, 69, 459],
    ['pytorch', 0.01, 69, 459],
    ['pytorch', 0.1, 7, 44],
    ['keras3', 0.999, 693, 4603],
    ['keras3', 0.5, 1, 7],
    ['keras3', 0, 1, 1],
  ])('%s at momentum %s: half way after %s, within 1 %% after %s', (id, momentum, half, near) => {
    const { mean, variance } = approach(layerOf(id, { momentum }));
    for (const one of [mean, variance]) {
      expect(stepsUntil(one, halfWay)).toBe(half);
      expect(stepsUntil(one, withinOnePercent)).toBe(near);
    }
  });

  it('are those of another momentum where one is asked for', () => {
    const other = approach(layerOf('keras3', { momentum: 0.9 }), on, 0.99);
    expect(other.momentum).toBe(0.99);
    expect(stepsUntil(other.mean, halfWay)).toBe(69);
  });

  it('do not come where the batch weighs nothing', () => {
    const { mean, moves, reason } = approach(layerOf('keras3', { momentum: 1 }));
    expect(moves).toBe(false);
    expect(stepsUntil(mean, halfWay)).toBeUndefined();
    expect(reason).toBe('a momentum of 1 gives the batch no weight');
  });
});

describe('a cumulative average', () => {
  it('is the first batch after one step', () => {
    const { mean } = approach(layerOf('pytorch', { momentum: null }));
    expect(mean.after(1)).toBe(3);
    expect(stepsUntil(mean, withinOnePercent)).toBe(1);
  });

  it('goes half way in as many batches as it has seen', () => {
    const { mean } = approach(layerOf('pytorch', { momentum: null, batchesTracked: 100 }));
    expect(mean.after(50)).toBeCloseTo(1, 12);
    expect(stepsUntil(mean, halfWay)).toBe(100);
    expect(stepsUntil(mean, withinOnePercent)).toBe(9900);
  });
});

describe('what is approached', () => {
  it.each([
    ['keras3', 2.5],
    ['pytorch', (2.5 * 4) / 3],
    ['caffe', (2.5 * 4) / 3],
    ['keras-standalone', (2.5 * 4) / (4 - (1 + 1e-3))],
  ])('is the variance that %s remembers', (id, variance) => {
    const found = approach(layerOf(id));
    expect(found.mean.to).toBe(3);
    expect(found.variance.to).toBeCloseTo(variance, 12);
  });
});

describe('flags that do not update', () => {
  it.each(conventions.map(({ id }) => id))('leave a flat line in %s, and the reason', id => {
    const flags = { training: false, trainable: true };
    const layer = layerOf(id, { movingMean: Float64Array.of(7, 7) });
    const found = approach(layer, flags);
    expect(found.moves).toBe(false);
    expect(found.mean.after(1000)).toBe(7);
    expect(found.variance.after(1000)).toBe(layer.movingVariance[0]);
    expect(found.reason).toBe(convention(id).because(flags).update);
  });

  it('say that the layer tracks nothing', () => {
    const found = approach(layerOf('pytorch', { tracking: 'frozen' }));
    expect(found.reason).toBe('this layer does not track them');
    expect(found.moves).toBe(false);
  });
});

describe('a channel without elements', () => {
  it('stays where the convention passes over it', () => {
    const nobody = { ...batch, n: Float64Array.of(0, 4), mean: Float64Array.of(NaN, 6) };
    const found = approachOf(layerOf('pytorch'), 2, nobody, on, 0);
    expect(found.moves).toBe(false);
    expect(found.mean.after(5)).toBe(0);
  });
});

/** Steps and momenta that are drawn for each law. */
function scenes(count: number): { random: Random; layer: BatchNormLayer; steps: number }[] {
  const seed = printedSeed('approach');
  return Array.from({ length: count }, (_, i) => {
    const random = new Random(seed + i);
    const { id } = random.pick(conventions);
    const cumulative = convention(id).momentum.allowsCumulative && random.boolean();
    const layer = layerOf(id, {
      momentum: cumulative ? null : random.pick([0, 0.3, 0.9, 0.99, random.next()]),
      batchesTracked: random.pick([0, 1, 17]),
      movingMean: Float64Array.of(5 * random.normal(), random.normal()),
      movingVariance: Float64Array.of(random.next() * 9, 1),
      precision: random.pick(['float32', 'float64']),
    });
    return { random, layer, steps: random.integer(1, 60) };
  });
}

describe('the projection', () => {
  it('is what running the step that often gives', () => {
    for (const { layer, steps } of scenes(300)) {
      const ran = valueOf(step(layer, input, on, steps)).layer;
      const { mean, variance } = approach(layer);
      const digits = layer.precision === 'float64' ? 11 : 4;
      const what = `${layer.convention.id}, momentum ${layer.momentum}, ${steps} steps`;
      expect(mean.after(steps), what).toBeCloseTo(ran.movingMean[0] as number, digits);
      expect(variance.after(steps), what).toBeCloseTo(ran.movingVariance[0] as number, digits);
    }
  });

  it('is what running it gives with batch renormalisation', () => {
    const movingVariance = Float64Array.of(4, 4);
    const renorm = { momentum: 0.9, clipping: {}, state: freshRenormState(movingVariance) };
    const layer = layerOf('keras3', { momentum: 0.9, movingVariance, renorm });
    const { mean, variance } = approach(layer);
    for (const steps of [1, 2, 30]) {
      const ran = valueOf(step(layer, input, on, steps)).layer;
      expect(mean.after(steps)).toBeCloseTo(ran.movingMean[0] as number, 11);
      expect(variance.after(steps)).toBeCloseTo(ran.movingVariance[0] as number, 11);
    }
    const half = stepsUntil(variance, halfWay) as number;
    const distance = (steps: number): number => Math.abs(variance.after(steps) - variance.to);
    expect(distance(half)).toBeLessThanOrEqual(distance(0) / 2);
    expect(distance(half - 1)).toBeGreaterThan(distance(0) / 2);
  });

  it('reaches its marks in the first step that is near enough, and not before', () => {
    for (const { layer, random } of scenes(300)) {
      const fraction = random.pick([halfWay, withinOnePercent]);
      const { mean } = approach(layer);
      const steps = stepsUntil(mean, fraction);
      if (steps === undefined) continue;
      expect(mean.left(steps)).toBeLessThanOrEqual(fraction);
      if (steps > 1) expect(mean.left(steps - 1)).toBeGreaterThan(fraction);
    }
  });

  it('begins where the layer is', () => {
    for (const { layer } of scenes(100)) {
      const { mean, variance } = approach(layer);
      expect(mean.after(0)).toBe(layer.movingMean[0]);
      expect(variance.after(0)).toBe(layer.movingVariance[0]);
      expect(mean.left(0)).toBe(1);
    }
  });
});
