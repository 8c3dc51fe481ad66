import type { ChannelExtremes } from '../core/statistics/channels';
import type { HistogramCounts, HistogramRange } from '../core/statistics/histogram';
import type { Result } from '../core/problem';

export interface HistogramRequest {
  readonly tensor: number;
  /** null counts the whole tensor as one channel. */
  readonly axis: number | null;
  readonly range: HistogramRange;
  /** Whose counts are wanted; 0 of a whole tensor. */
  readonly channel: number;
}

export interface ChannelHistogram {
  /** Of one channel. */
  readonly counts: HistogramCounts;
}

export interface ExtremesRequest {
  readonly input: number;
  readonly axis: number;
}

/** Histograms of live tensors. A handle that a newer step has replaced is the problem `superseded`. */
export interface HistogramRequests {
  /** One pass counts every channel: that of the last range is remembered, so that another channel is there at once. */
  histogram(request: HistogramRequest): Promise<Result<ChannelHistogram>>;
  /** Of an input, as float32. A step over the same axis has measured them. */
  extremes(request: ExtremesRequest): Promise<Result<ChannelExtremes>>;
}

export const mostBins = 1024;
