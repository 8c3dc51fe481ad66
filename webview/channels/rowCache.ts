import type { ChannelRows } from '../../src/core/batchnorm/channelTable';
import type { RowsRequest } from '../../src/protocol/panel';

/** Where a row's values stand: entry `at` of every array of `rows`. */
export interface RowPlace {
  readonly rows: ChannelRows;
  readonly at: number;
  /** From before the last change: shown until the fresh row is here, so that nothing flashes. */
  readonly stale: boolean;
}

/** Pages kept besides the newest; a long scroll forgets the oldest. */
const maximumPages = 12;

/** Rows are asked for in whole blocks of this many, so that scrolling asks rarely. */
export const rowBlock = 64;

/**
 * The rows of the grid that the page has, in pages as the host sent them. A new state makes all of
 * them stale but the window that came with it.
 */
export class RowCache {
  private fresh: ChannelRows[] = [];
  private stale: ChannelRows[] = [];

  /** @param sameOrder whether row numbers still mean the same channels: else stale rows are wrong */
  replace(rows: ChannelRows, sameOrder: boolean): void {
    this.stale = sameOrder ? [...this.fresh, ...this.stale].slice(0, maximumPages) : [];
    this.fresh = [rows];
  }

  add(rows: ChannelRows): void {
    this.fresh = [rows, ...this.fresh].slice(0, maximumPages);
  }

  find(row: number): RowPlace | undefined {
    return place(this.fresh, row, false) ?? place(this.stale, row, true);
  }

  /**
   * What to ask the host for so that rows `first`…`end − 1` are fresh, or undefined when they are.
   * @param total rows of the grid
   */
  missing(first: number, end: number, total: number): RowsRequest | undefined {
    const isMissing = (row: number): boolean => place(this.fresh, row, false) === undefined;
    let from = first;
    while (from < end && !isMissing(from)) from++;
    if (from >= end) return undefined;
    let to = end;
    while (to > from && !isMissing(to - 1)) to--;
    const start = Math.floor(from / rowBlock) * rowBlock;
    const stop = Math.min(Math.ceil(to / rowBlock) * rowBlock, total);
    return { start, count: stop - start };
  }
}

function place(pages: readonly ChannelRows[], row: number, stale: boolean): RowPlace | undefined {
  const rows = pages.find(page => row >= page.start && row < page.start + page.channel.length);
  return rows && { rows, at: row - rows.start, stale };
}
