import type { ChannelRows } from '../../src/core/batchnorm/channelTable';
import { numberText, sameNumber } from '../ui/number';

/** Characters that the moving columns need, so that no digit of `old → new` is cut. */
export interface MovingWidths {
  readonly mean: number;
  readonly variance: number;
}

/** Room for a head, and for a number before anything moves. */
export const leastWidths: MovingWidths = { mean: 15, variance: 15 };

/** Widths only grow: a column that shrinks at every toggle would make the others jump. */
export function widen(widths: MovingWidths, rows: ChannelRows): MovingWidths {
  const { movingMeanBefore, movingMeanAfter, movingVarianceBefore, movingVarianceAfter } = rows;
  return {
    mean: longest(widths.mean, movingMeanBefore, movingMeanAfter),
    variance: longest(widths.variance, movingVarianceBefore, movingVarianceAfter),
  };
}

function longest(least: number, before: Float64Array, after: Float64Array): number {
  return before.reduce((most, old, row) => {
    const next = after[row] ?? NaN;
    const length = (x: number): number => numberText(x, 'printed').length;
    const needed = sameNumber(old, next) ? length(old) : length(old) + length(next) + 3;
    return Math.max(most, needed);
  }, least);
}
