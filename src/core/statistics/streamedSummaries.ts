import type { ChannelLayout } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';
import { emptySummaries, type ChannelSummaries } from './channels';
import { emptyMoments, mergeMoments, type MergeableMoments } from './merge';

/** Summaries without a histogram, which would need the extremes before it begins. */
export type StreamedSummaries = Omit<ChannelSummaries, 'histogram'>;

/** Summaries of a tensor that was held whole, or was not. */
export type TensorSummaries = StreamedSummaries & Partial<Pick<ChannelSummaries, 'histogram'>>;

/** Summarises a tensor that is never held whole: part by part, each in two passes, merged in float64. */
export class SummaryStream {
  private readonly found: StreamedSummaries;
  /** Of the finite elements. */
  private readonly moments: MergeableMoments;

  constructor(channels: number) {
    const { histogram: _, ...found } = emptySummaries(channels);
    this.found = found;
    this.moments = emptyMoments(channels);
  }

  /**
   * Takes a part in.
   * @param layout of the part, which may have some of the channels only
   * @param first which channel of the tensor is the part's first
   */
  add(part: TensorData, layout: ChannelLayout, first: number): void {
    const own = emptyMoments(layout.channels);
    eachRun(layout, (channel, run) => {
      this.count(part, run, first + channel, own, channel);
    });
    own.mean.forEach((sum, c) => {
      if (own.n[c] !== 0) own.mean[c] = sum / (own.n[c] as number);
    });
    eachRun(layout, (channel, { from, to, step }) => {
      const mean = own.mean[channel] as number;
      let squares = 0;
      for (let at = from; at < to; at += step) {
        const x = part[at] as number;
        if (Number.isFinite(x)) squares += (x - mean) * (x - mean);
      }
      own.m2[channel] = (own.m2[channel] as number) + squares;
    });
    this.merge(own, first);
  }

  summaries(): StreamedSummaries {
    const { n, mean, m2 } = this.moments;
    const some = (c: number, value: number): number => (n[c] === 0 ? NaN : value);
    return {
      ...this.found,
      mean: mean.map((value, c) => some(c, value)),
      std: m2.map((value, c) => some(c, Math.sqrt(value / (n[c] as number)))),
    };
  }

  private count(
    part: TensorData,
    { from, to, step }: Run,
    c: number,
    own: MergeableMoments,
    channel: number,
  ): void {
    const { n, nan, posInf, negInf, min, max } = this.found;
    // NaN, where there is no finite value yet; infinities are twice as fast to compare with.
    let [low, high] = [orElse(min[c] as number, Infinity), orElse(max[c] as number, -Infinity)];
    let [finite, sum] = [0, 0];
    for (let at = from; at < to; at += step) {
      const x = part[at] as number;
      // Of the others the difference is NaN.
      if (x - x === 0) {
        finite++;
        sum += x;
        if (x < low) low = x;
        if (x > high) high = x;
      } else {
        const kind = Number.isNaN(x) ? nan : x > 0 ? posInf : negInf;
        kind[c] = (kind[c] as number) + 1;
      }
    }
    n[c] = (n[c] as number) + Math.ceil((to - from) / step);
    min[c] = low === Infinity ? NaN : low;
    max[c] = high === -Infinity ? NaN : high;
    own.n[channel] = (own.n[channel] as number) + finite;
    own.mean[channel] = (own.mean[channel] as number) + sum;
  }

  private merge(own: MergeableMoments, first: number): void {
    const { n, mean, m2 } = this.moments;
    const view = (all: Float64Array): Float64Array => all.subarray(first, first + own.n.length);
    const merged = mergeMoments({ n: view(n), mean: view(mean), m2: view(m2) }, own);
    n.set(merged.n, first);
    mean.set(merged.mean, first);
    m2.set(merged.m2, first);
  }
}

function orElse(x: number, fallback: number): number {
  return Number.isNaN(x) ? fallback : x;
}

/** Elements of one channel: from an index to another, the end exclusive, in steps. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Visits every channel's elements in runs as long as there are. */
function eachRun(
  { outer, channels, inner }: ChannelLayout,
  visit: (channel: number, run: Run) => void,
): void {
  if (inner === 1) {
    const to = outer * channels;
    for (let c = 0; c < channels; c++) visit(c, { from: c, to, step: channels });
    return;
  }
  for (let row = 0; row < outer * channels; row++) {
    visit(row % channels, { from: row * inner, to: (row + 1) * inner, step: 1 });
  }
}
