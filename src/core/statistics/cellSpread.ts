import type { CellGrid, Walk } from '../tensor/cellGrid';
import type { CellValues } from '../tensor/cells';
import type { ElementCounts } from './summary';

/** What a slice's values are like, to choose colours by. */
export interface CellSpread extends ElementCounts {
  /** The 1st and the 99th percentile of the finite values: by nearest rank, of at most `mostRanked` evenly apart. */
  readonly low: number;
  readonly high: number;
  /** How many finite values the percentiles are of. */
  readonly ranked: number;
}

/** Values that percentiles are of at most: sorting them takes a few milliseconds. */
export const mostRanked = 1 << 16;

/** Takes in a slice part by part, in the order of its cells. */
export class SpreadOfCells {
  private finite = 0;
  private nan = 0;
  private posInf = 0;
  private negInf = 0;
  private min = Infinity;
  private max = -Infinity;
  private readonly ranked: Float32Array;
  private taken = 0;
  /** Values between two that are ranked. */
  private readonly every: number;
  private next = 0;
  private seen = 0;

  constructor(
    private readonly source: CellValues,
    { facets, rows, columns }: CellGrid,
  ) {
    const n = facets.count * rows.count * columns.count;
    this.every = Math.max(1, n / mostRanked);
    this.ranked = new Float32Array(Math.min(n, mostRanked));
  }

  /** @param part the next one, of one facet (`gridParts`) */
  add({ offset, rows, columns }: CellGrid): void {
    for (let row = 0; row < rows.count; row++) this.addRow(offset + row * rows.stride, columns);
  }

  private addRow(start: number, { count, stride }: Walk): void {
    const { data, minus } = this.source;
    let at = start;
    for (let i = 0; i < count; i++, at += stride) {
      const x =
        minus === undefined ? (data[at] as number) : (data[at] as number) - (minus[at] as number);
      const isRanked = this.seen++ >= this.next;
      if (isRanked) this.next += this.every;
      if (x - x === 0) {
        this.finite++;
        if (x < this.min) this.min = x;
        if (x > this.max) this.max = x;
        if (isRanked && this.taken < this.ranked.length) this.ranked[this.taken++] = x;
      } else if (Number.isNaN(x)) this.nan++;
      else if (x > 0) this.posInf++;
      else this.negInf++;
    }
  }

  result(): CellSpread {
    const { finite, nan, posInf, negInf, taken } = this;
    const sorted = this.ranked.subarray(0, taken).sort();
    const rank = (share: number): number =>
      sorted[Math.min(taken - 1, Math.max(0, Math.ceil(share * taken) - 1))] ?? NaN;
    return {
      n: finite + nan + posInf + negInf,
      ...{ finite, nan, posInf, negInf },
      min: finite > 0 ? this.min : NaN,
      max: finite > 0 ? this.max : NaN,
      low: rank(0.01),
      high: rank(0.99),
      ranked: taken,
    };
  }
}
