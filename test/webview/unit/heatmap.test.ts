import { describe, expect, it } from 'vitest';
import type { CellSpread } from '../../../src/core/statistics/cellSpread';
import { colormaps, findColormap } from '../../../webview/heatmap/colormaps';
import { colorScale, positionOn, valueAt } from '../../../webview/heatmap/colorScale';
import { handleKey } from '../../../webview/heatmap/heatmapKeys';
import { paint } from '../../../webview/heatmap/paint';
import {
  cellUnder,
  covers,
  fit,
  pan,
  reveal,
  spanInView,
  zoom,
} from '../../../webview/heatmap/viewport';

const spread = (over: Partial<CellSpread>): CellSpread => ({
  ...{ n: 100, finite: 100, nan: 0, posInf: 0, negInf: 0, min: -2, max: 6, low: -1, high: 3 },
  ...{ ranked: 100, ...over },
});

describe('a colour scale', () => {
  it('is the range of the values, or between two percentiles', () => {
    expect(colorScale(spread({}), 'linear', false)).toMatchObject({ low: -2, high: 6 });
    expect(colorScale(spread({}), 'robust', false)).toMatchObject({ low: -1, high: 3 });
  });

  it('has zero in its middle where the colours have a middle', () => {
    const scale = colorScale(spread({}), 'linear', true);
    expect(scale).toMatchObject({ low: -6, high: 6 });
    expect(positionOn(scale, 0)).toBe(0.5);
  });

  it('finds a place for a constant, for nothing finite and for the largest range', () => {
    const constant = colorScale(spread({ min: 3, max: 3 }), 'linear', false);
    expect(positionOn(constant, 3)).toBe(0.5);
    expect(constant.note).toBe('all values are the same');
    expect(colorScale(spread({ finite: 0, min: NaN, max: NaN }), 'linear', false).note).toBe(
      'no value is finite',
    );
    const most = 3.4028234663852886e38;
    const huge = colorScale(spread({ min: -most, max: most }), 'linear', false);
    expect([positionOn(huge, -most), positionOn(huge, 0), positionOn(huge, most)]).toEqual([
      0, 0.5, 1,
    ]);
  });

  it('is a logarithm on both sides of zero, and its ticks are where their values are', () => {
    const scale = colorScale(spread({ min: -1000, max: 1000 }), 'symlog', true);
    expect(positionOn(scale, 0)).toBe(0.5);
    expect(positionOn(scale, 100)).toBeGreaterThan(0.8);
    for (const at of [0, 0.1, 0.5, 0.77, 1]) {
      expect(positionOn(scale, valueAt(scale, at))).toBeCloseTo(at, 10);
    }
  });
});

describe('painting', () => {
  const special = { posInf: [4, 5, 6], negInf: [7, 8, 9] } as const;
  const map = findColormap('auto', false);
  const scale = colorScale(spread({ min: 0, max: 1 }), 'linear', false);
  const pixels = (values: number[], odd?: number[]): number[][] => {
    const cells = { facets: 1, rows: 1, columns: values.length, values: Float32Array.from(values) };
    const all = paint(
      odd ? { ...cells, odd: Uint8Array.from(odd) } : cells,
      0,
      scale,
      map,
      special,
    );
    return values.map((_, i) => [...all.subarray(4 * i, 4 * i + 4)]);
  };
  const colour = (i: number): number[] => [...map.table.subarray(3 * i, 3 * i + 3), 255];

  it('gives the ends their colours, and what is beyond them too', () => {
    expect(pixels([0, 1, -5, 5])).toEqual([colour(0), colour(255), colour(0), colour(255)]);
    // Further than an integer of 32 bits reaches.
    expect(pixels([1e8, -1e8, 1e30])).toEqual([colour(255), colour(0), colour(255)]);
  });

  it('gives those that are no numbers a colour of their own, within a mean too', () => {
    expect(pixels([NaN, Infinity, -Infinity])).toEqual([
      [...map.nan, 255],
      [4, 5, 6, 255],
      [7, 8, 9, 255],
    ]);
    expect(pixels([0.5, 0.5, 0.5], [0, 2, 1])).toEqual([
      colour(128),
      [4, 5, 6, 255],
      [...map.nan, 255],
    ]);
  });

  it('gives NaN a colour that no map has near', () => {
    for (const { id, nan, table } of colormaps) {
      for (let i = 0; i < 256; i++) {
        const apart = nan.map((part, j) => part - (table[3 * i + j] ?? 0));
        expect(Math.hypot(...apart), `${id} at ${i}`).toBeGreaterThan(60);
      }
    }
  });

  it('has maps that run evenly and of which some are light in the middle', () => {
    expect(colormaps.map(({ id }) => id)).toEqual(['RdBu', 'PuOr', 'viridis', 'cividis', 'magma']);
    for (const { diverging, table, id } of colormaps) {
      const luminance = (i: number): number =>
        0.2126 * (table[3 * i] ?? 0) +
        0.7152 * (table[3 * i + 1] ?? 0) +
        0.0722 * (table[3 * i + 2] ?? 0);
      if (diverging) expect(luminance(128), id).toBeGreaterThan(luminance(0) + 80);
      else {
        for (let i = 32; i < 256; i += 32) {
          expect(luminance(i), `${id} at ${i}`).toBeGreaterThan(luminance(i - 32));
        }
      }
    }
  });
});

describe('what is in view', () => {
  const extent = { width: 400, height: 300, rows: 100, columns: 200 };
  const whole = fit(extent);

  it('is all at first, in square cells but for a thread', () => {
    expect(whole).toEqual({ top: 0, left: 0, cellWidth: 2, cellHeight: 2 });
    expect(fit({ ...extent, rows: 4, columns: 1000 })).toMatchObject({
      cellWidth: 0.4,
      cellHeight: 75,
    });
  });

  it('keeps the cell under the pointer where it is while it is zoomed', () => {
    const at = { x: 120, y: 90 };
    const near = zoom(whole, extent, 5, at);
    expect(near.cellWidth).toBe(10);
    expect(cellUnder(near, extent, at.x, at.y)).toEqual(cellUnder(whole, extent, at.x, at.y));
    // Not further out than all of it.
    expect(zoom(near, extent, 0.001, at)).toEqual(whole);
  });

  it('has no empty margin, and follows the cursor', () => {
    const near = zoom(whole, extent, 10, { x: 0, y: 0 });
    expect(pan(near, extent, 1000, 1000)).toMatchObject({ top: 0, left: 0 });
    expect(pan(near, extent, -1e6, -1e6)).toMatchObject({ top: 85, left: 180 });
    expect(reveal(near, extent, { row: 50, column: 3 })).toMatchObject({ top: 36, left: 0 });
  });

  it('asks for blocks of cells that are aligned wherever they begin', () => {
    const far = spanInView(1234.5, 0.1, 300, 100_000, 0.25);
    expect(far.block).toBe(32);
    expect(far.first % 32).toBe(0);
    expect(far.first).toBeLessThanOrEqual(1234.5);
    expect(far.first + far.count).toBeGreaterThan(1234.5 + 3000);
    expect(covers(far, spanInView(1300, 0.1, 300, 100_000, 0))).toBe(true);
    expect(covers(far, spanInView(9000, 0.1, 300, 100_000, 0))).toBe(false);
    expect(spanInView(0, 20, 300, 10, 0.25)).toEqual({ first: 0, count: 10, block: 1 });
  });

  it('is moved by keys', () => {
    const cursor = { row: 5, column: 199 };
    const press = (key: string, shiftKey = false, ctrlKey = false): unknown =>
      handleKey({ key, shiftKey, ctrlKey }, extent, whole, cursor);
    expect(press('ArrowRight')).toEqual({ kind: 'move', cell: { row: 5, column: 199 } });
    expect(press('ArrowUp', true)).toEqual({ kind: 'move', cell: { row: 0, column: 199 } });
    expect(press('End', false, true)).toEqual({ kind: 'move', cell: { row: 99, column: 199 } });
    expect(press('+')).toEqual({ kind: 'zoom', factor: 1.5 });
    expect(press('0')).toEqual({ kind: 'fit' });
    expect(press('Tab')).toBeUndefined();
  });
});
