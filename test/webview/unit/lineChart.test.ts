import { describe, expect, it } from 'vitest';
import { linePath, valueAt } from '../../../webview/charts/linePath';
import { extentOf, padded } from '../../../webview/charts/extent';

describe('extents', () => {
  it('are of the finite numbers of all columns', () => {
    expect(extentOf([[3, NaN], Float64Array.of(-1, Infinity)])).toEqual([-1, 3]);
    expect(extentOf([[NaN], []])).toBeUndefined();
  });

  it('have room at both ends, one without length as well', () => {
    expect(padded([0, 100], 0.1)).toEqual([-10, 110]);
    expect(padded([0, 0])).toEqual([-1, 1]);
    expect(padded([50, 50])).toEqual([45, 55]);
  });
});

describe('a line', () => {
  const x = (value: number): number => 10 * value;
  const y = (value: number): number => 50 - 50 * value;

  it('has gaps where a number is not finite', () => {
    expect(linePath([0, 5, 6, 10], [0, 1, NaN, 0.5], x, y)).toBe(
      'M0.0 50.0l0 0L50.0 0.0M100.0 25.0l0 0',
    );
  });

  it('has a value between its points', () => {
    expect(valueAt([0, 10], [0, 5], 4)).toBe(2);
    expect(valueAt([0, 10], [0, 5], 11)).toBeNaN();
    expect(valueAt([3, 3], [1, 2], 3)).toBe(2);
  });
});
