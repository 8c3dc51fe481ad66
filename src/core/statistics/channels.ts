/** First and second moments of each channel, over all elements that share it. */
export interface Moments {
  /** Elements a channel, all of them: finite or not. */
  readonly n: Float64Array;
  /** Σx/n. NaN where any element is NaN or infinities cancel; the others are untouched. */
  readonly mean: Float64Array;
  /** Σ(x−mean)²/n: always the biased variance. */
  readonly variance: Float64Array;
}

/** The fewest and the most elements that a channel has: a mask over other axes leaves them unequal. */
export function countBounds({ n }: Pick<Moments, 'n'>): readonly [fewest: number, most: number] {
  const first = n[0] ?? 0;
  return n.reduce<readonly [number, number]>(
    ([fewest, most], count) => [Math.min(fewest, count), Math.max(most, count)],
    [first, first],
  );
}

/** What a channel holds. `min`, `max`, `mean` and `std` are over the finite elements alone. */
export interface ChannelSummaries {
  readonly n: Float64Array;
  readonly nan: Float64Array;
  readonly posInf: Float64Array;
  readonly negInf: Float64Array;
  /** NaN where a channel has no finite element; likewise max, mean and std. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly mean: Float64Array;
  /** Population standard deviation (divides by the number of finite elements). */
  readonly std: Float64Array;
  /** Counts of the finite elements in `histogramBins` equal bins from min to max, channel after channel. */
  readonly histogram: Uint32Array;
}

/** What the finite elements of each channel reach to; NaN where there are none. */
export type ChannelExtremes = Pick<ChannelSummaries, 'min' | 'max'>;

export const histogramBins = 16;

export function emptySummaries(channels: number): ChannelSummaries {
  const column = (): Float64Array => new Float64Array(channels);
  return {
    n: column(),
    nan: column(),
    posInf: column(),
    negInf: column(),
    min: column().fill(NaN),
    max: column().fill(NaN),
    mean: column().fill(NaN),
    std: column().fill(NaN),
    histogram: new Uint32Array(channels * histogramBins),
  };
}
