import { describe, expect, test } from 'vitest';
import type { ChannelRows } from '../../../src/core/batchnorm/channelTable';
import { RowCache, rowBlock } from '../../../webview/channels/rowCache';
import { rowHeight, rowsInView, scrollToRow } from '../../../webview/channels/window';

/** A window of rows whose channels are numbered from `first`. */
function rows(start: number, count: number, first = start): ChannelRows {
  const none = new Float64Array(count);
  return {
    start,
    channel: Uint32Array.from({ length: count }, (_, i) => first + i),
    n: none,
    gamma: none,
    beta: none,
    batchMean: none,
    batchVariance: none,
    movingMeanBefore: none,
    movingMeanAfter: none,
    movingVarianceBefore: none,
    movingVarianceAfter: none,
    drift: none,
    varianceRatio: none,
    outputMin: none,
    outputMax: none,
    outputMean: none,
    outputStd: none,
    outputNan: none,
    outputPosInf: none,
    outputNegInf: none,
    histogram: new Uint32Array(count * 16),
    finding: new Int32Array(count),
  };
}

function channelAt(cache: RowCache, row: number): number | undefined {
  const place = cache.find(row);
  return place?.rows.channel[place.at];
}

describe('RowCache', () => {
  test('asks for whole blocks that cover what is missing, and for nothing that is there', () => {
    const cache = new RowCache();
    cache.replace(rows(0, 100), false);
    expect(cache.missing(0, 100, 4096)).toBeUndefined();
    expect(cache.missing(90, 140, 4096)).toEqual({
      start: rowBlock,
      count: 3 * rowBlock - rowBlock,
    });
    expect(cache.missing(4090, 4096, 4096)).toEqual({ start: 4032, count: 64 });
    expect(cache.missing(0, 0, 0)).toBeUndefined();
  });

  test('does not ask beyond the last row', () => {
    const cache = new RowCache();
    expect(cache.missing(0, 70, 70)).toEqual({ start: 0, count: 70 });
  });

  test('shows stale rows until fresh ones are here, while the order is the same', () => {
    const cache = new RowCache();
    cache.replace(rows(0, 10), false);
    cache.add(rows(64, 64));
    cache.replace(rows(0, 10), true);
    expect(cache.find(70)?.stale).toBe(true);
    expect(cache.missing(64, 80, 200)).toEqual({ start: 64, count: 64 });
    cache.add(rows(64, 64));
    expect(cache.find(70)?.stale).toBe(false);
  });

  test('another order forgets them', () => {
    const cache = new RowCache();
    cache.replace(rows(0, 10), false);
    cache.add(rows(64, 64));
    cache.replace(rows(0, 10, 500), false);
    expect(channelAt(cache, 3)).toBe(503);
    expect(cache.find(70)).toBeUndefined();
  });

  test('keeps a bounded number of pages, the newest ones', () => {
    const cache = new RowCache();
    for (let page = 0; page < 40; page++) cache.add(rows(page * 64, 64));
    expect(channelAt(cache, 39 * 64)).toBe(39 * 64);
    expect(cache.find(0)).toBeUndefined();
  });
});

describe('the window of rows', () => {
  test('covers what is in view, and ends with the rows', () => {
    const { first, end } = rowsInView({ top: 1000 * rowHeight, height: 10 * rowHeight }, 4096);
    expect(first).toBeLessThan(1000);
    expect(end).toBeGreaterThanOrEqual(1010);
    expect(rowsInView({ top: 0, height: 500 }, 4)).toEqual({ first: 0, end: 4 });
    expect(rowsInView({ top: 90_000, height: 500 }, 0)).toEqual({ first: 0, end: 0 });
  });

  test('scrolls no further than it takes to see a row', () => {
    const viewport = { top: 100 * rowHeight, height: 10 * rowHeight };
    expect(scrollToRow(viewport, 105)).toBe(viewport.top);
    expect(scrollToRow(viewport, 50)).toBe(50 * rowHeight);
    expect(scrollToRow(viewport, 110)).toBe(101 * rowHeight);
  });
});
