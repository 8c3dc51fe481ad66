import type { StreamedSummaries } from './streamedSummaries';

/** How many elements there are of each kind, and what the finite ones reach to. */
export interface ElementCounts {
  /** Elements, finite or not. */
  readonly n: number;
  readonly finite: number;
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  /** NaN where no element is finite; likewise max. */
  readonly min: number;
  readonly max: number;
}

/** What a whole tensor holds. */
export interface TensorSummary extends ElementCounts {
  /** Over the finite elements, and NaN where there are none; likewise std. */
  readonly mean: number;
  /** Population standard deviation (divides by `finite`). */
  readonly std: number;
}

/** One channel of the summaries by itself: of a tensor summarised as one channel, the whole. */
export function summaryOfChannel(summaries: StreamedSummaries, channel = 0): TensorSummary {
  const at = (column: Float64Array): number => column[channel] as number;
  const n = at(summaries.n);
  const nan = at(summaries.nan);
  const posInf = at(summaries.posInf);
  const negInf = at(summaries.negInf);
  return {
    n,
    finite: n - nan - posInf - negInf,
    nan,
    posInf,
    negInf,
    min: at(summaries.min),
    max: at(summaries.max),
    mean: at(summaries.mean),
    std: at(summaries.std),
  };
}
