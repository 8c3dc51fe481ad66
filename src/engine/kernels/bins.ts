import {
  slotOf,
  slotsOf,
  type HistogramCounts,
  type HistogramRange,
} from '../../core/statistics/histogram';
import type { ChannelLayout } from '../../core/tensor/shape';
import { BoxPass, type Column } from './boxPass';

/** Counts in equal bins, in plain loops. */
export class PlainBins extends BoxPass {
  constructor(
    layout: ChannelLayout,
    private readonly range: HistogramRange,
    private readonly into: HistogramCounts,
  ) {
    super(layout);
  }

  protected column(column: Column): void {
    countColumn(column, this.range, this.into);
  }
}

function countColumn(
  { x, channel: c, start, walk }: Column,
  { bins, low, high }: HistogramRange,
  into: HistogramCounts,
): void {
  const { segments, segmentStride, span, step } = walk;
  const [from, to] = [low[c] as number, high[c] as number];
  const first = c * slotsOf(bins);
  for (let segment = 0, at0 = start; segment < segments; segment++, at0 += segmentStride) {
    for (let at = at0; at < at0 + span; at += step) {
      const slot = first + slotOf(x[at] as number, from, to, bins);
      into[slot] = (into[slot] as number) + 1;
    }
  }
}
