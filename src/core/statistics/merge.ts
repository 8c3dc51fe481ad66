import type { ChannelLayout } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';
import type { Moments } from './channels';
import { channelMoments } from './reference';

/**
 * Moments in the form in which parts of a tensor can be put together: tiles, threads, shards of a
 * distributed batch. Every array has one entry a channel, in float64.
 */
export interface MergeableMoments {
  readonly n: Float64Array;
  readonly mean: Float64Array;
  /** Σ(x − mean)². */
  readonly m2: Float64Array;
}

/** Of nothing: what a merge starts from. */
export function emptyMoments(channels: number): MergeableMoments {
  const column = (): Float64Array => new Float64Array(channels);
  return { n: column(), mean: column(), m2: column() };
}

/** Of one part: two passes in float64. */
export function mergeableMoments(data: TensorData, layout: ChannelLayout): MergeableMoments {
  const { n, mean, variance } = channelMoments(data, layout);
  return {
    n,
    mean: mean.map((value, c) => (n[c] === 0 ? 0 : value)),
    m2: variance.map((value, c) => (n[c] === 0 ? 0 : value * (n[c] as number))),
  };
}

/**
 * The moments of two parts together (Chan, Golub and LeVeque 1979):
 * `δ = meanB − meanA`, `mean = meanA + δ·nB/n`, `M2 = M2A + M2B + δ²·nA·nB/n`.
 * A part without elements leaves the other one as it is; NaN stays in its channel.
 */
export function mergeMoments(a: MergeableMoments, b: MergeableMoments): MergeableMoments {
  const merged = emptyMoments(a.n.length);
  for (let c = 0; c < a.n.length; c++) {
    const [nA, nB] = [a.n[c] as number, b.n[c] as number];
    const n = nA + nB;
    const [meanA, meanB] = [a.mean[c] as number, b.mean[c] as number];
    const delta = meanB - meanA;
    const whole = nA === 0 ? b : nB === 0 ? a : undefined;
    merged.n[c] = n;
    // An infinite mean stays what it is in one pass: NaN only where two of them cancel.
    const mean = Number.isFinite(delta) ? meanA + (delta * nB) / n : meanA + meanB;
    merged.mean[c] = whole ? (whole.mean[c] as number) : mean;
    merged.m2[c] = whole
      ? (whole.m2[c] as number)
      : (a.m2[c] as number) + (b.m2[c] as number) + ((delta * delta * nA) / n) * nB;
  }
  return merged;
}

/**
 * Many parts, merged as a tree so that parts of like size meet: the rounding error then grows with
 * the logarithm of their number.
 * @param channels of every part, for the case that there is none
 */
export function mergeAll(parts: readonly MergeableMoments[], channels: number): MergeableMoments {
  if (parts.length <= 1) return parts[0] ?? emptyMoments(channels);
  const half = Math.ceil(parts.length / 2);
  return mergeMoments(
    mergeAll(parts.slice(0, half), channels),
    mergeAll(parts.slice(half), channels),
  );
}

/** n, mean and biased variance; the mean of nothing is NaN, as in one pass. */
export function toMoments({ n, mean, m2 }: MergeableMoments): Moments {
  return {
    n,
    mean: mean.map((value, c) => (n[c] === 0 ? NaN : value)),
    variance: m2.map((value, c) => value / (n[c] as number)),
  };
}
