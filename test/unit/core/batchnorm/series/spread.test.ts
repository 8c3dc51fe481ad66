import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../../../../src/core/batchnorm/series/spread';

describe('spreadOf', () => {
  it.each([
    [[3, 1, 2], { least: 1, median: 2, greatest: 3, nonFinite: 0 }],
    [[4, 1, 10, 2], { least: 1, median: 3, greatest: 10, nonFinite: 0 }],
    [[NaN, 5, -Infinity], { least: 5, median: 5, greatest: 5, nonFinite: 2 }],
    [[1.7e308, 1.7e308], { least: 1.7e308, median: 1.7e308, greatest: 1.7e308, nonFinite: 0 }],
    [[NaN], { least: NaN, median: NaN, greatest: NaN, nonFinite: 1 }],
  ])('of %j', (values, spread) => {
    expect(spreadOf(Float64Array.from(values))).toEqual(spread);
  });

  it('changes nothing', () => {
    const values = Float64Array.of(2, 1);
    spreadOf(values);
    expect([...values]).toEqual([2, 1]);
  });
});
