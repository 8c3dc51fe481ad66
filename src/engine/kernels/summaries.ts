import { binOf } from '../../core/statistics/reference';
import { histogramBins, type ChannelSummaries } from '../../core/statistics/channels';
import type { ChannelLayout } from '../../core/tensor/shape';
import { eachColumn, type Box, type Walk } from './box';

/**
 * First pass over a box of a tensor of which nothing is known: counts, extremes and sums (into `mean`)
 * of the channels where `known` is 0.
 */
export function addCounts(
  y: Float32Array,
  layout: ChannelLayout,
  box: Box,
  known: Uint8Array,
  into: ChannelSummaries,
): void {
  eachColumn(layout, box, (c, start, walk) => {
    if (known[c] === 0) countColumn(y, start, walk, c, into);
  });
}

function countColumn(
  y: Float32Array,
  start: number,
  { segments, segmentStride, span, step }: Walk,
  c: number,
  into: ChannelSummaries,
): void {
  let nan = 0;
  let posInf = 0;
  let negInf = 0;
  let sum = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      const value = y[at] as number;
      if (value - value !== 0) {
        if (value > 0) posInf++;
        else if (value < 0) negInf++;
        else nan++;
        continue;
      }
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  into.nan[c] = (into.nan[c] as number) + nan;
  into.posInf[c] = (into.posInf[c] as number) + posInf;
  into.negInf[c] = (into.negInf[c] as number) + negInf;
  if (min > max) return;
  // Until its first finite element is seen, a channel's summary is NaN.
  const seen = !Number.isNaN(into.min[c]);
  into.mean[c] = seen ? (into.mean[c] as number) + sum : sum;
  into.min[c] = seen ? Math.min(into.min[c] as number, min) : min;
  into.max[c] = seen ? Math.max(into.max[c] as number, max) : max;
}

/** Between the passes: sums become means, for the channels with a finite element. */
export function finishCounts(known: Uint8Array, into: ChannelSummaries): void {
  for (let c = 0; c < known.length; c++) {
    if (known[c] === 1 || Number.isNaN(into.min[c])) continue;
    into.mean[c] = (into.mean[c] as number) / finiteCount(into, c);
    into.std[c] = 0;
  }
}

/** Second pass: squared deviations (into `std`) and the histogram of the same channels. */
export function addSpread(
  y: Float32Array,
  layout: ChannelLayout,
  box: Box,
  known: Uint8Array,
  into: ChannelSummaries,
): void {
  eachColumn(layout, box, (c, start, walk) => {
    if (known[c] === 0) spreadColumn(y, start, walk, c, into);
  });
}

function spreadColumn(
  y: Float32Array,
  start: number,
  { segments, segmentStride, span, step }: Walk,
  c: number,
  into: ChannelSummaries,
): void {
  const mean = into.mean[c] as number;
  const min = into.min[c] as number;
  const max = into.max[c] as number;
  let squares = 0;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      const value = y[at] as number;
      if (value - value !== 0) continue;
      squares += (value - mean) * (value - mean);
      const bin = c * histogramBins + binOf(value, min, max);
      into.histogram[bin] = (into.histogram[bin] as number) + 1;
    }
  }
  into.std[c] = (into.std[c] as number) + squares;
}

export function finishSpread(known: Uint8Array, into: ChannelSummaries): void {
  for (let c = 0; c < known.length; c++) {
    if (known[c] === 1) continue;
    into.std[c] = Math.sqrt((into.std[c] as number) / finiteCount(into, c));
  }
}

function finiteCount(s: ChannelSummaries, c: number): number {
  return (
    (s.n[c] as number) - (s.nan[c] as number) - (s.posInf[c] as number) - (s.negInf[c] as number)
  );
}
