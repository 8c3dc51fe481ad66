import { describe, expect, it } from 'vitest';
import {
  compareValues,
  defaultTolerance,
  isClose,
  isEqual,
} from '../../../../src/core/statistics/compare';
import { ulpBucketRange } from '../../../../src/core/statistics/ulp';

const of = (...values: number[]): Float32Array => Float32Array.from(values);

it('nothing is close to nothing, and has no numbers', () => {
  const found = compareValues(of(), of(), defaultTolerance);
  expect([isEqual(found, defaultTolerance), isClose(found)]).toEqual([true, true]);
  expect([found.maxAbs, found.meanAbs, found.rmse, found.maxUlp]).toEqual([NaN, NaN, NaN, NaN]);
});

it('constants have a difference and no angle where one is 0', () => {
  const found = compareValues(of(0, 0), of(2, 2), defaultTolerance);
  expect(found).toMatchObject({ maxAbs: 2, meanAbs: 2, rmse: 2, maxRel: 1, cosine: NaN });
});

describe('what is not finite', () => {
  it('is counted apart, and a pair of which one is comes first', () => {
    const found = compareValues(
      of(NaN, NaN, Infinity, Infinity, 1, 5),
      of(NaN, 1, Infinity, -Infinity, 1, 7),
      defaultTolerance,
    );
    expect(found).toMatchObject({ n: 6, finite: 2, equal: 2, outside: 4 });
    expect(found).toMatchObject({ bothNaN: 1, oneNaN: 1, sameInfinity: 1, otherInfinity: 1 });
    expect(found.worst.map(({ index }) => index)).toEqual([1, 3, 5]);
  });

  it('is equal where NaN is in both, if that is asked for', () => {
    const equalNan = { ...defaultTolerance, equalNan: true };
    const found = compareValues(of(NaN, NaN), of(NaN, NaN), equalNan);
    expect([isEqual(found, equalNan), isClose(found), found.maxAbs]).toEqual([true, true, NaN]);
  });
});

it('numbers whose squares are infinite have finite figures', () => {
  const [a, b] = [Float64Array.of(3e300, 4, 1e300), Float64Array.of(1e300, 4, 3e300)];
  const found = compareValues(a, b, defaultTolerance);
  expect(found.maxAbs).toBe(2e300);
  expect(found.rmse / 1e300).toBeCloseTo(Math.sqrt(8 / 3), 12);
  expect(found.meanAbs / 1e300).toBeCloseTo(4 / 3, 12);
  expect(found.cosine).toBeCloseTo(0.6, 12);
});

it('differences whose squares are 0 have an rmse', () => {
  const found = compareValues(Float64Array.of(1e-200), Float64Array.of(3e-200), defaultTolerance);
  expect(found.rmse).toBe(2e-200);
});

it('neighbours are one unit in the last place apart, across 0 too', () => {
  const found = compareValues(of(1, -1e-45, 0), of(1 + 2 ** -23, 1e-45, -0), defaultTolerance);
  expect(found.maxUlp).toBe(2);
  expect([...found.ulps.subarray(0, 3)]).toEqual([1, 1, 1]);
  expect([ulpBucketRange(0), ulpBucketRange(2)]).toEqual([
    [0, 0],
    [2, 3],
  ]);
});

it('as many of the worst pairs are kept as are asked for', () => {
  const a = Float32Array.from({ length: 100 }, (_, i) => i);
  const found = compareValues(a, new Float32Array(100), defaultTolerance, 3);
  expect(found.worst.map(({ index }) => index)).toEqual([99, 98, 97]);
});
