import type { ChannelLayout } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';
import { emptySummaries, histogramBins, type ChannelSummaries, type Moments } from './channels';

/** Which elements count: one weight (0 or 1) for every run of `run` consecutive elements. */
export interface ElementMask {
  readonly weights: Uint8Array;
  readonly run: number;
  /** Added to the count that the sums are divided by. */
  readonly denominatorEpsilon: number;
}

/**
 * Mean and biased variance of each channel, two passes in float64: the oracle for the engine's
 * kernels. n counts every element that the mask keeps; a NaN or infinity reaches its own channel only.
 */
export function channelMoments(
  data: TensorData,
  layout: ChannelLayout,
  mask?: ElementMask,
): Moments {
  const { channels } = layout;
  const n = new Float64Array(channels);
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  const kept = (at: number): boolean => mask?.weights[Math.floor(at / mask.run)] !== 0;
  eachElement(data, layout, (x, c, at) => {
    if (!kept(at)) return;
    n[c] = (n[c] as number) + 1;
    mean[c] = (mean[c] as number) + x;
  });
  const count = n.map(kept => kept + (mask?.denominatorEpsilon ?? 0));
  for (let c = 0; c < channels; c++) mean[c] = (mean[c] as number) / (count[c] as number);
  eachElement(data, layout, (x, c, at) => {
    if (!kept(at)) return;
    const d = x - (mean[c] as number);
    variance[c] = (variance[c] as number) + d * d;
  });
  for (let c = 0; c < channels; c++) variance[c] = (variance[c] as number) / (count[c] as number);
  return { n, mean, variance };
}

/** Summaries of each channel, finite and non-finite elements counted apart, with a small histogram. */
export function summarizeChannels(data: TensorData, layout: ChannelLayout): ChannelSummaries {
  const s = emptySummaries(layout.channels);
  const finite = new Float64Array(layout.channels);
  eachElement(data, layout, (x, c) => {
    s.n[c] = (s.n[c] as number) + 1;
    if (Number.isFinite(x)) {
      finite[c] = (finite[c] as number) + 1;
      s.mean[c] = (finite[c] === 1 ? 0 : (s.mean[c] as number)) + x;
      // Comparisons with NaN are false, so the first finite value always enters.
      if (!((s.min[c] as number) <= x)) s.min[c] = x;
      if (!((s.max[c] as number) >= x)) s.max[c] = x;
    } else if (Number.isNaN(x)) s.nan[c] = (s.nan[c] as number) + 1;
    else if (x > 0) s.posInf[c] = (s.posInf[c] as number) + 1;
    else s.negInf[c] = (s.negInf[c] as number) + 1;
  });
  for (let c = 0; c < layout.channels; c++) {
    if (finite[c] === 0) continue;
    s.mean[c] = (s.mean[c] as number) / (finite[c] as number);
    s.std[c] = 0;
  }
  eachElement(data, layout, (x, c) => {
    if (!Number.isFinite(x)) return;
    const d = x - (s.mean[c] as number);
    s.std[c] = (s.std[c] as number) + d * d;
    const at = c * histogramBins + binOf(x, s.min[c] as number, s.max[c] as number);
    s.histogram[at] = (s.histogram[at] as number) + 1;
  });
  for (let c = 0; c < layout.channels; c++) {
    s.std[c] = Math.sqrt((s.std[c] as number) / (finite[c] as number));
  }
  return s;
}

/** Bin of a finite value in equal bins from min to max; the maximum belongs to the last bin. */
export function binOf(x: number, min: number, max: number): number {
  if (!(max > min)) return 0;
  const bin = Math.floor(((x - min) / (max - min)) * histogramBins);
  return Math.min(bin, histogramBins - 1);
}

function eachElement(
  data: TensorData,
  { outer, channels, inner }: ChannelLayout,
  visit: (x: number, channel: number, at: number) => void,
): void {
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < inner; i++, at++) visit(data[at] as number, c, at);
    }
  }
}
