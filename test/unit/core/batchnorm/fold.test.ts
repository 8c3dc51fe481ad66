import { describe, expect, it } from 'vitest';
import {
  foldAfter,
  foldBefore,
  inferenceAffine,
  weightLayouts,
  type Folded,
  type WeightLayout,
} from '../../../../src/core/batchnorm/fold';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { sizeOf } from '../../../../src/core/tensor/shape';
import { seedLayer, unwrap } from './seed';

/** A batch norm over so many channels, each with numbers of its own. */
function layer(channels: number): BatchNormLayer {
  const vector = (of: (c: number) => number): Float64Array =>
    Float64Array.from({ length: channels }, (_, c) => Math.fround(of(c)));
  return seedLayer('pytorch', {
    gamma: vector(c => 1.5 - c * 0.4),
    beta: vector(c => 0.1 * c - 0.2),
    movingMean: vector(c => 0.3 * c + 0.7),
    movingVariance: vector(c => 0.5 + 0.25 * c),
  });
}

/**
 * Every layout as the plain sum over one patch, written with its own index arithmetic: o output, i
 * input, p position, of 4 outputs, 2 inputs and 3 positions (1 in a dense layer).
 */
interface Plain {
  readonly layout: WeightLayout;
  readonly shape: readonly number[];
  readonly positions: number;
  readonly index: (o: number, i: number, p: number) => number;
}

const plain: readonly Plain[] = [
  {
    layout: weightLayouts.OIHW,
    shape: [4, 2, 1, 3],
    positions: 3,
    index: (o, i, p) => o * 6 + i * 3 + p,
  },
  {
    layout: weightLayouts.IOHW,
    shape: [2, 4, 1, 3],
    positions: 3,
    index: (o, i, p) => i * 12 + o * 3 + p,
  },
  {
    layout: weightLayouts.HWIO,
    shape: [3, 1, 2, 4],
    positions: 3,
    index: (o, i, p) => p * 8 + i * 4 + o,
  },
  {
    layout: weightLayouts.HWOI,
    shape: [3, 1, 4, 2],
    positions: 3,
    index: (o, i, p) => p * 8 + o * 2 + i,
  },
  { layout: weightLayouts.OI, shape: [4, 2], positions: 1, index: (o, i) => o * 2 + i },
  { layout: weightLayouts.IO, shape: [2, 4], positions: 1, index: (o, i) => i * 4 + o },
];

const weightOf = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i * 1.7 + 0.3)));
const patch = (i: number, p: number): number => Math.cos(2 * i + 3 * p) * 4;
const bias = Float64Array.of(0.5, -1, 0.25, 2);

function output(
  { index, positions }: Plain,
  linear: { readonly weight: ArrayLike<number>; readonly bias: ArrayLike<number> },
  o: number,
  x: (i: number, p: number) => number,
): number {
  let sum = linear.bias[o] as number;
  for (let i = 0; i < 2; i++) {
    for (let p = 0; p < positions; p++) sum += (linear.weight[index(o, i, p)] as number) * x(i, p);
  }
  return sum;
}

const bound = ({ error }: Folded): number => error.perInput * 4 + error.bias + 1e-12;

describe('folding', () => {
  it.each(plain)('a batch norm after $layout.id', one => {
    const linear = { shape: one.shape, weight: weightOf(one.positions * 8), bias };
    const bn = layer(4);
    const folded = unwrap(foldAfter(linear, one.layout, bn));
    for (let o = 0; o < 4; o++) {
      const before = output(one, linear, o, patch);
      const std = Math.sqrt((bn.movingVariance[o] as number) + bn.epsilon);
      const xhat = (before - (bn.movingMean[o] as number)) / std;
      const expected = xhat * (bn.gamma[o] as number) + (bn.beta[o] as number);
      const off = Math.abs(output(one, folded, o, patch) - expected);
      expect(off).toBeLessThanOrEqual(bound(folded));
    }
    expect(bound(folded)).toBeLessThan(1e-5);
  });

  it.each(plain)('a batch norm before $layout.id, without padding', one => {
    const linear = { shape: one.shape, weight: weightOf(one.positions * 8), bias };
    const bn = layer(2);
    const normalized = (i: number, p: number): number => {
      const std = Math.sqrt((bn.movingVariance[i] as number) + bn.epsilon);
      const xhat = (patch(i, p) - (bn.movingMean[i] as number)) / std;
      return xhat * (bn.gamma[i] as number) + (bn.beta[i] as number);
    };
    const folded = unwrap(foldBefore(linear, one.layout, bn, { padding: false }));
    for (let o = 0; o < 4; o++) {
      const off = Math.abs(output(one, folded, o, patch) - output(one, linear, o, normalized));
      expect(off).toBeLessThanOrEqual(bound(folded));
    }
  });

  it('after a depthwise convolution, where output c·multiplier + m is of input c', () => {
    const bn = layer(6);
    // 2 positions, 3 inputs, multiplier 2.
    const linear = { shape: [2, 1, 3, 2], weight: weightOf(12) };
    const folded = unwrap(foldAfter(linear, weightLayouts.HWCM, bn));
    const { scale, shift } = inferenceAffine(bn, 4);
    linear.weight.forEach((w, i) => {
      expect(folded.weight[i]).toBe(Math.fround(w * (scale[i % 6] as number)));
    });
    expect(folded.bias).toEqual(Float32Array.from(shift));
    const before = unwrap(foldBefore(linear, weightLayouts.HWCM, layer(3), { padding: false }));
    const input = inferenceAffine(layer(3), 4);
    linear.weight.forEach((w, i) => {
      const c = Math.floor((i % 6) / 2);
      expect(before.weight[i]).toBe(Math.fround(w * (input.scale[c] as number)));
    });
  });

  /** Grouped convolutions of 6 outputs and 4 inputs in 2 groups, 1 × 1: output o sees inputs of its own group. */
  const grouped = [
    { id: 'OIHW', shape: [6, 2, 1, 1], index: (o: number, i: number) => o * 2 + (i % 2) },
    { id: 'IOHW', shape: [4, 3, 1, 1], index: (o: number, i: number) => i * 3 + (o % 3) },
    { id: 'HWIO', shape: [1, 1, 2, 6], index: (o: number, i: number) => (i % 2) * 6 + o },
  ] as const;

  it.each(grouped)('of a grouped convolution in $id, before it and after it', one => {
    const bias = Float64Array.of(0.5, -1, 0.25, 2, 0, 1);
    const linear = { shape: one.shape, weight: weightOf(12), bias };
    const convolve = (
      { weight, bias: b }: { readonly weight: ArrayLike<number>; readonly bias: ArrayLike<number> },
      x: (i: number) => number,
    ): number[] =>
      Array.from({ length: 6 }, (_, o) =>
        [0, 1]
          .map(within => (o < 3 ? 0 : 2) + within)
          .reduce((sum, i) => sum + (weight[one.index(o, i)] as number) * x(i), b[o] as number),
      );
    const normalize = (bn: BatchNormLayer, x: number, c: number): number => {
      const { scale, shift } = inferenceAffine(bn, 4);
      return x * (scale[c] as number) + (shift[c] as number);
    };
    const x = (i: number): number => patch(i, 1);
    const layout = weightLayouts[one.id];
    const after = unwrap(foldAfter(linear, layout, layer(6), { groups: 2 }));
    const before = unwrap(foldBefore(linear, layout, layer(4), { padding: false, groups: 2 }));
    const wanted = convolve(linear, x).map((y, o) => normalize(layer(6), y, o));
    convolve(after, x).forEach((y, o) => {
      expect(Math.abs(y - (wanted[o] as number))).toBeLessThanOrEqual(bound(after));
    });
    const normalized = convolve(linear, i => normalize(layer(4), x(i), i));
    convolve(before, x).forEach((y, o) => {
      expect(Math.abs(y - (normalized[o] as number))).toBeLessThanOrEqual(bound(before));
    });
    expect(bound(after) + bound(before)).toBeLessThan(1e-5);
  });

  it('refuses groups that the weight does not have', () => {
    for (const [id, shape, groups] of [
      ['OIHW', [5, 2, 1, 1], 2],
      ['OI', [4, 2], 2],
      ['OIHW', [4, 2, 1, 1], 0],
    ] as const) {
      const linear = { shape, weight: weightOf(sizeOf(shape)) };
      const folded = foldAfter(linear, weightLayouts[id], layer(shape[0]), { groups });
      expect(folded.ok ? '' : folded.problem.message).toMatch(/does not divide into \d groups/);
    }
  });

  it('states the float32 error that it makes', () => {
    const linear = { shape: [1, 1], weight: [1 / 3] };
    const one = seedLayer('pytorch', {
      gamma: Float64Array.of(1),
      beta: Float64Array.of(0.1),
      movingMean: Float64Array.of(0),
      movingVariance: Float64Array.of(1),
      epsilon: 0,
    });
    const { error } = unwrap(foldAfter(linear, weightLayouts.OI, one));
    expect(error.weight).toBe(Math.abs(Math.fround(1 / 3) - 1 / 3));
    expect(error.bias).toBe(Math.abs(Math.fround(0.1) - 0.1));
    expect(error.perInput).toBe(error.weight);
  });

  it('takes the epsilon that the kernel takes', () => {
    const tiny = { ...layer(2), epsilon: 1e-7 };
    const fused = { ...seedLayer('tf1', tiny), convention: seedLayer('tf1').convention };
    const at = (axis: number, rank: number): number =>
      inferenceAffine({ ...fused, channelAxis: axis }, rank).scale[0] as number;
    expect(at(3, 4)).toBeCloseTo(1.5 / Math.sqrt(0.5 + 1.001e-5), 6);
    expect(at(1, 2)).toBeCloseTo(1.5 / Math.sqrt(0.5 + 1e-7), 6);
    expect(at(3, 4)).not.toBe(at(1, 2));
  });

  it('says what cannot be folded', () => {
    const conv = { shape: [4, 2, 1, 1], weight: weightOf(8) };
    const before = (bn: BatchNormLayer, padding: boolean): string => {
      const folded = foldBefore(conv, weightLayouts.OIHW, bn, { padding });
      return folded.ok ? '' : folded.problem.message;
    };
    expect(before(layer(2), true)).toMatch(/pads with zeros cannot be folded exactly/);
    const centred = { ...layer(2), beta: new Float64Array(2), movingMean: new Float64Array(2) };
    expect(before(centred, true)).toBe('');
    expect(before(layer(3), false)).toBe(
      'The batch norm has 3 channels, and the weight of shape [4,2,1,1] has 2 input channels: is the layout another one?',
    );
    const rank = foldAfter(conv, weightLayouts.OI, layer(4));
    expect(rank.ok ? '' : rank.problem.message).toBe(
      'A weight of layout OI has rank 2, and this one has shape [4,2,1,1].',
    );
    const short = foldAfter({ ...conv, weight: [1] }, weightLayouts.OIHW, layer(4));
    expect(short.ok ? '' : short.problem.message).toMatch(/^The weight has 1 values/);
    const biased = foldAfter({ ...conv, bias: [1] }, weightLayouts.OIHW, layer(4));
    expect(biased.ok ? '' : biased.problem.message).toMatch(/^The bias has 1 values/);
  });
});
