import type { StepPlan } from '../../core/batchnorm/plan';
import type { Result } from '../../core/problem';
import type { Moments } from '../../core/statistics/channels';
import type { ChannelLayout } from '../../core/tensor/shape';
import type { Affine } from './affine';
import type { InputStatistics } from './moments';

/**
 * Batch norm of a small tensor in a single call of a kernel: what a call costs through tfjs, and a pass cut
 * into parts, is many times what the elements do. The sums are added in the order in which the passes add
 * them, so that the digits are the same.
 */
export class SmallForward {
  /** How the output was written; a problem where it was not. */
  planned: Result<StepPlan> | undefined;

  /**
   * @param statistics filled by the call, unless they are `known`
   * @param plan what the step does with the input's moments
   */
  constructor(
    private readonly layout: ChannelLayout,
    private readonly statistics: InputStatistics,
    private readonly known: boolean,
    private readonly plan: (batch: Moments) => Result<StepPlan>,
  ) {}

  run(x: Float32Array, y: Float32Array): void {
    if (!this.known) takeMoments(x, this.layout, this.statistics);
    this.planned = this.plan(this.statistics);
    if (this.planned.ok) write(x, y, this.layout, this.planned.value);
  }
}

function takeMoments(
  x: Float32Array,
  { outer, channels, inner }: ChannelLayout,
  { n, mean, variance }: InputStatistics,
): void {
  const row = channels * inner;
  for (let c = 0; c < channels; c++) {
    const count = n[c] as number;
    let sum = 0;
    for (let from = c * inner, o = 0; o < outer; o++, from += row) {
      for (let at = from; at < from + inner; at++) sum += x[at] as number;
    }
    const average = sum / count;
    let squares = 0;
    for (let from = c * inner, o = 0; o < outer; o++, from += row) {
      for (let at = from; at < from + inner; at++) {
        const deviation = (x[at] as number) - average;
        squares += deviation * deviation;
      }
    }
    mean[c] = average;
    variance[c] = squares / count;
  }
}

function write(
  x: Float32Array,
  y: Float32Array,
  { outer, channels, inner }: ChannelLayout,
  { mean, scale, beta }: Affine,
): void {
  for (let at = 0, o = 0; o < outer; o++) {
    for (let c = 0; c < channels; c++) {
      // One by one: an array to take apart would be made anew for every run.
      const m = mean[c] as number;
      const s = scale[c] as number;
      const b = beta[c] as number;
      for (const end = at + inner; at < end; at++) y[at] = ((x[at] as number) - m) * s + b;
    }
  }
}
