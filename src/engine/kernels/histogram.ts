import { histogramBins } from '../../core/statistics/channels';
import type { ChannelLayout } from '../../core/tensor/shape';
import { BoxPass, type Column } from './boxPass';
import type { InputStatistics } from './moments';

/**
 * An input's histogram, from which that of any affine map of it follows exactly, without another look at
 * the elements. A map turns the bins of the input into those of the output (in reverse order where it
 * falls), but for elements so near an edge that rounding may carry them over it: those are kept.
 */
export interface InputHistogram {
  /** Counts of the elements that are clear of the edges, `histogramBins` a channel. */
  readonly clear: Uint32Array;
  /** For each channel and edge (1 … `histogramBins` − 1): the first value found near it, … */
  readonly edgeValue: Float32Array;
  /** … and how often it came: on data of few distinct values that is all there is. */
  readonly edgeCount: Uint32Array;
  /** Other values near an edge, as pairs of a channel and a value. */
  readonly strays: number[];
  readonly strayLimit: number;
}

/** How near an edge is near, in bins. One element in five hundred is, where values are spread evenly. */
export const nearness = 2 ** -10;

/** Elements a channel must have for its histogram to be worth keeping. */
export const keptFrom = 256;

/** @returns undefined where channels are too short to gain anything */
export function emptyHistogram(layout: ChannelLayout): InputHistogram | undefined {
  const n = layout.outer * layout.inner;
  if (n < keptFrom) return undefined;
  const size = layout.channels * histogramBins;
  return {
    clear: new Uint32Array(size),
    edgeValue: new Float32Array(size),
    edgeCount: new Uint32Array(size),
    strays: [],
    strayLimit: 1024 + Math.floor((n * layout.channels) / 32),
  };
}

/** The histogram in plain loops, of the channels whose elements are all finite. */
export class PlainHistogram extends BoxPass {
  constructor(
    layout: ChannelLayout,
    private readonly input: InputStatistics,
    private readonly into: InputHistogram,
  ) {
    super(layout);
  }

  protected column(column: Column): void {
    if (Number.isFinite(this.input.mean[column.channel])) {
      countColumn(column, this.input, this.into);
    }
  }
}

function countColumn(
  { x, channel: c, start, walk }: Column,
  input: InputStatistics,
  into: InputHistogram,
): void {
  const { segments, segmentStride, span, step } = walk;
  const min = input.min[c] as number;
  const range = (input.max[c] as number) - min;
  // A constant channel has one bin, the first.
  const bins = range > 0 ? histogramBins / range : 0;
  const first = c * histogramBins;
  const { clear } = into;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      const value = x[at] as number;
      const place = (value - min) * bins;
      const edge = (place + 0.5) | 0;
      if (Math.abs(place - edge) < nearness && edge > 0 && edge < histogramBins) {
        keepNear(first + edge, c, value, into);
      } else {
        const bin = first + Math.min(place | 0, histogramBins - 1);
        clear[bin] = (clear[bin] as number) + 1;
      }
    }
  }
}

function keepNear(slot: number, channel: number, value: number, into: InputHistogram): void {
  const { edgeValue, edgeCount, strays, strayLimit } = into;
  if (edgeCount[slot] === 0) edgeValue[slot] = value;
  if (edgeValue[slot] === value) edgeCount[slot] = (edgeCount[slot] as number) + 1;
  else if (strays.length <= 2 * strayLimit) strays.push(channel, value);
}
