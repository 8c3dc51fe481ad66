import { describe, expect, it } from 'vitest';
import {
  explainFold,
  statisticsFolded,
  type FoldToExplain,
} from '../../../../../src/core/batchnorm/folding/explainFold';
import { thresholds } from '../../../../../src/core/batchnorm/diagnose/thresholds';

const gamma = [1.5, 0.8, -1.2, 0.5];
const beta = [0.1, -0.3, 0.7, 0.2];
const mean = [0.5, -1, 2, 3];
const variance = [1, 4, 0.25, 0.002];
const bias = [0.5, -0.25, 1, 2];
const epsilon = 1e-3;

interface Term {
  readonly g: number;
  readonly b: number;
  readonly m: number;
  readonly v: number;
  readonly w: number;
}

const each = (value: (term: Term) => number): Float64Array =>
  Float64Array.from(gamma, (g, c) =>
    value({
      g,
      b: beta[c] as number,
      m: mean[c] as number,
      v: variance[c] as number,
      w: bias[c] as number,
    }),
  );

const s = ({ g, v }: Term): number => g / Math.sqrt(v + epsilon);
const rightScale = each(s);
const rightBias = each(t => t.b + (t.w - t.m) * s(t));

function fold(more: Partial<FoldToExplain> = {}): FoldToExplain {
  return {
    gamma: Float64Array.from(gamma),
    beta: Float64Array.from(beta),
    movingMean: Float64Array.from(mean),
    movingVariance: Float64Array.from(variance),
    epsilon,
    bias: Float64Array.from(bias),
    foundScale: rightScale,
    foundBias: rightBias,
    ...more,
  };
}

const mistakes = (more: Partial<FoldToExplain>): (string | undefined)[] => {
  const { scale, bias: own } = explainFold(fold(more));
  return [scale.mistake?.id, own.mistake?.id];
};

describe('a fold', () => {
  it('by the formula has no mistake, and none of float32', () => {
    expect(mistakes({})).toEqual([undefined, undefined]);
    const stored = {
      foundScale: Float64Array.from(Float32Array.from(rightScale)),
      foundBias: Float64Array.from(Float32Array.from(rightBias)),
    };
    const { scale, bias: own } = explainFold(fold(stored));
    expect(Math.max(scale.worst, own.worst)).toBeLessThan(thresholds.foldError / 100);
    expect([scale.mistake, own.mistake]).toEqual([undefined, undefined]);
  });

  it.each<[string, (t: Term) => number]>([
    ['weight-not-scaled', () => 1],
    ['gamma-missing', ({ v }) => 1 / Math.sqrt(v + epsilon)],
    ['epsilon-missing', ({ g, v }) => g / Math.sqrt(v)],
    ['epsilon-other', ({ g, v }) => g / Math.sqrt(v + 1e-5)],
    ['variance-as-deviation', ({ g, v }) => g / Math.sqrt(Math.sqrt(v) + epsilon)],
    ['root-missing', ({ g, v }) => g / (v + epsilon)],
    ['scale-inverted', ({ g, v }) => g * Math.sqrt(v + epsilon)],
  ])('with the scale wrong by %s says that, and not the bias that went by it', (id, scaleOf) => {
    const foundScale = each(scaleOf);
    const foundBias = each(t => t.b + (t.w - t.m) * scaleOf(t));
    expect(mistakes({ foundScale, foundBias })).toEqual([id, undefined]);
    // A bias that is right beside a wrong scale is right.
    expect(mistakes({ foundScale })).toEqual([id, undefined]);
  });

  it.each<[string, (t: Term) => number]>([
    ['bias-not-scaled', t => t.b + t.w - t.m * s(t)],
    ['bias-dropped', t => t.b - t.m * s(t)],
    ['mean-and-beta-missing', t => t.w * s(t)],
    ['bias-untouched', t => t.w],
    ['bias-absent', () => 0],
    ['beta-alone', t => t.b],
    ['mean-missing', t => t.b + t.w * s(t)],
    ['beta-missing', t => (t.w - t.m) * s(t)],
    ['mean-not-scaled', t => t.b + t.w * s(t) - t.m],
    ['mean-added', t => t.b + (t.w + t.m) * s(t)],
  ])('with the bias wrong by %s says that', (id, biasOf) => {
    expect(mistakes({ foundBias: each(biasOf) })).toEqual([undefined, id]);
  });

  it('of a layer without a bias that was given none lacks mean and beta', () => {
    expect(mistakes({ bias: undefined, foundBias: undefined })).toEqual([
      undefined,
      'mean-and-beta-missing',
    ]);
  });

  it('in float16 is told from a mistake', () => {
    const half = (x: number): number => {
      const step = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10);
      return Math.round(x / step) * step;
    };
    expect(mistakes({ foundScale: rightScale.map(half), foundBias: rightBias.map(half) })).toEqual([
      'rounded-to-half',
      'rounded-to-half',
    ]);
  });

  it('of other moving statistics says so, and which they are', () => {
    const of = (t: Term): number => t.g / Math.sqrt(2 * t.v + 1 + epsilon);
    const change = { foundScale: each(of), foundBias: each(t => t.b + (t.w - t.m - 1) * of(t)) };
    expect(mistakes(change)).toEqual(['other-statistics', 'other-statistics']);
    const folded = statisticsFolded(fold(change), 1);
    expect(folded.mean).toBeCloseTo(0, 9);
    expect(folded.variance).toBeCloseTo(9, 9);
    // One channel alone is no other batch.
    const foundScale = rightScale.map((x, c) => (c === 1 ? 3 * x : x));
    expect(mistakes({ foundScale })[0]).toBeUndefined();
  });

  it('that nothing explains is left unexplained', () => {
    const { scale, bias: own } = explainFold(
      fold({ foundBias: Float64Array.of(9, 8, -7, 6), foundScale: Float64Array.of(3, 1, 4, 1) }),
    );
    expect([scale.mistake, own.mistake]).toEqual([undefined, undefined]);
    expect(Math.min(scale.worst, own.worst)).toBeGreaterThan(0.1);
  });

  it('tells nothing of a channel whose weight is 0', () => {
    const foundScale = rightScale.map((x, c) => (c === 1 ? NaN : x));
    expect(mistakes({ foundScale })).toEqual([undefined, undefined]);
  });
});
