import type { StepPlan } from '../../core/batchnorm/plan';
import type { Moments } from '../../core/statistics/channels';
import type { ChannelLayout } from '../../core/tensor/shape';
import { planWalk } from './simd/walk';

/** The vectors of `(x − mean) · scale + beta`. */
export type Affine = Pick<StepPlan, 'mean' | 'scale' | 'beta'>;

/**
 * The vectors of `(x − mean) · scale + beta`, computed in float32 operation by operation. What float32 loses of a
 * mean (up to 6e-4 at 10⁴) is in beta, times the scale: near the mean the difference is exact, so the output
 * is right to four units of the larger of its two terms at any mean.
 */
export interface SingleAffine {
  readonly mean: Float32Array;
  readonly scale: Float32Array;
  readonly beta: Float32Array;
}

/** How each channel of an output is computed. */
export interface OutputRules {
  readonly affine: Affine;
  readonly single: SingleAffine;
  /** 1 for a channel computed in float32; 0, or nothing, for one in float64, rounded once. */
  readonly single32: Uint8Array;
}

/** Far from where float32 overflows, and from where its products lose digits. */
const safe = { largest: 1e30, smallest: 1e-30 };

/**
 * Large tensors are computed in float32, on whichever path, so that both give the same bits. A channel in
 * which some operation could overflow or vanish is not, nor is one with elements that are not finite.
 * @param batch moments of the tensor, which tell how far its elements reach
 */
export function outputRules(affine: Affine, layout: ChannelLayout, batch: Moments): OutputRules {
  if (planWalk(layout) === undefined) return { affine, single: noSingle, single32: none };
  const single32 = new Uint8Array(affine.mean.length);
  for (let c = 0; c < single32.length; c++) single32[c] = fits(affine, c, batch) ? 1 : 0;
  return { affine, single: singleAffine(affine), single32 };
}

/** Of a tensor that is computed in float64 throughout. */
const none = new Uint8Array();
const noSingle: SingleAffine = {
  mean: new Float32Array(),
  scale: new Float32Array(),
  beta: new Float32Array(),
};

function singleAffine({ mean, scale, beta }: Affine): SingleAffine {
  const single = {
    mean: new Float32Array(mean),
    scale: new Float32Array(scale),
    beta: new Float32Array(beta),
  };
  for (let c = 0; c < mean.length; c++) {
    const lost = (mean[c] as number) - (single.mean[c] as number);
    single.beta[c] = (beta[c] as number) - lost * (single.scale[c] as number);
  }
  return single;
}

function fits({ mean, scale, beta }: Affine, c: number, batch: Moments): boolean {
  const m = mean[c] as number;
  const s = Math.abs(scale[c] as number);
  const b = Math.abs(beta[c] as number);
  // No element is farther from the batch's mean than the root of all squares together.
  const spread = Math.sqrt((batch.n[c] as number) * (batch.variance[c] as number));
  const reach = spread * (1 + 1e-9) + Math.abs((batch.mean[c] as number) - m);
  // False for NaN.
  const near = Math.abs(m) < safe.largest && reach < safe.largest && b < safe.largest;
  const lost = Math.abs(m) * half32.relative * s;
  const exact = s === 0 || (s > safe.smallest && s < safe.largest);
  return near && exact && reach * s < safe.largest && lost < safe.largest;
}

/** What the kernels do with one element. */
export function inFloat32(affine: SingleAffine, c: number, x: number): number {
  const difference = Math.fround(x - (affine.mean[c] as number));
  const scaled = Math.fround(difference * (affine.scale[c] as number));
  return Math.fround(scaled + (affine.beta[c] as number));
}

/** How the output of a channel follows from its elements. */
export interface ChannelRule {
  /** What becomes of an element, rounded to float32. Each operation is monotone. */
  readonly at: (x: number) => number;
  /** The same but for the rounding of each result. */
  readonly exactAt: (x: number) => number;
  readonly slope: number;
  /** The element that becomes beta, the rule's. */
  readonly centre: number;
  /** How far the rounding may move an output no larger than `largest`, of an element no farther from the centre. */
  readonly roundoff: (largest: number, farthest: number) => number;
}

/** Half a unit of the last place of float32, as a share of a number; and below its smallest normal ones. */
const half32 = { relative: 2 ** -24, absolute: 2 ** -150 };

export function channelRule({ affine, single, single32 }: OutputRules, c: number): ChannelRule {
  return single32[c] === 1 ? float32Rule(single, c) : float64Rule(affine, c);
}

function float32Rule(single: SingleAffine, c: number): ChannelRule {
  const mean = single.mean[c] as number;
  const slope = single.scale[c] as number;
  const beta = single.beta[c] as number;
  return {
    at: x => inFloat32(single, c, x),
    exactAt: x => (x - mean) * slope + beta,
    slope,
    centre: mean,
    // A subtraction and a product, with the terms of second order thrown in; then a sum.
    roundoff: (largest, farthest) =>
      half32.relative * (3 * farthest * Math.abs(slope) + largest) + half32.absolute,
  };
}

function float64Rule({ mean, scale, beta }: Affine, c: number): ChannelRule {
  const [m, s, b] = [mean[c] as number, scale[c] as number, beta[c] as number];
  const exactAt = (x: number): number => (x - m) * s + b;
  return {
    at: x => Math.fround(exactAt(x)),
    exactAt,
    slope: s,
    centre: m,
    roundoff: (largest, farthest) =>
      half32.relative * largest +
      half32.absolute +
      2 ** -52 * (farthest * Math.abs(s) + Math.abs(b)),
  };
}
