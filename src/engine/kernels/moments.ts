import type { Moments } from '../../core/statistics/channels';
import { countPerChannel, type ChannelLayout } from '../../core/tensor/shape';
import { BoxPass, type Column } from './boxPass';

/** What is known of an input's channels: all that a change of flags can use again. */
export interface InputStatistics extends Moments {
  /** Smallest element; of meaning only where the mean is finite, which says that every element is. */
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export function emptyStatistics(layout: ChannelLayout): InputStatistics {
  return new EmptyStatistics(layout);
}

/** The extremes are made when somebody asks for them: a step that nobody looks at does without. */
class EmptyStatistics implements InputStatistics {
  readonly n: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  private lowest: Float64Array | undefined;
  private highest: Float64Array | undefined;

  constructor(layout: ChannelLayout) {
    const { channels } = layout;
    this.n = filled(channels, countPerChannel(layout));
    this.mean = new Float64Array(channels);
    this.variance = new Float64Array(channels);
  }

  get min(): Float64Array {
    return (this.lowest ??= filled(this.n.length, Infinity));
  }

  get max(): Float64Array {
    return (this.highest ??= filled(this.n.length, -Infinity));
  }
}

/** In a loop, for the few channels of a small tensor: `fill` costs more to call than they to write. */
function filled(length: number, value: number): Float64Array {
  const column = new Float64Array(length);
  for (let c = 0; c < length; c++) column[c] = value;
  return column;
}

/**
 * Moments of each channel in plain loops, twice over all elements in float64: sums, then squared
 * deviations from the mean. That loses nothing at a mean of 10⁴ and a standard deviation of 10⁻², where
 * E[x²] − E[x]² in float32 loses everything.
 *
 * A NaN or an infinity makes the sum of its own channel non-finite, and nothing else can: 2²⁸ float32
 * values stay far below the largest float64.
 */
export class PlainMoments extends BoxPass {
  private summed = false;

  constructor(
    layout: ChannelLayout,
    private readonly into: InputStatistics,
  ) {
    super(layout);
  }

  override finish(): boolean {
    const { n, mean, variance } = this.into;
    divideByCount(this.summed ? variance : mean, n);
    this.summed = !this.summed;
    return this.summed;
  }

  protected column(column: Column): void {
    if (this.summed) squareColumn(column, this.into);
    else sumColumn(column, this.into);
  }
}

function sumColumn({ x, channel, start, walk }: Column, into: InputStatistics): void {
  const { segments, segmentStride, span, step } = walk;
  let sum = into.mean[channel] as number;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) sum += x[at] as number;
  }
  into.mean[channel] = sum;
}

function squareColumn({ x, channel, start, walk }: Column, into: InputStatistics): void {
  const { segments, segmentStride, span, step } = walk;
  const mean = into.mean[channel] as number;
  let squares = into.variance[channel] as number;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      const deviation = (x[at] as number) - mean;
      squares += deviation * deviation;
    }
  }
  into.variance[channel] = squares;
}

/** Turns the totals of a finished pass into averages. */
export function divideByCount(totals: Float64Array, n: Float64Array): void {
  for (let c = 0; c < totals.length; c++) totals[c] = (totals[c] as number) / (n[c] as number);
}
