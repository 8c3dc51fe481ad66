import { expect, it } from 'vitest';
import { drift, varianceRatio } from '../../../../src/core/statistics/drift';

it('drift is the shift in moving standard deviations, epsilon inside the root', () => {
  expect(drift(3, 1, 3.5, 0.5)).toBe(1);
  expect(drift(1, 3, 3.5, 0.5)).toBe(1);
  expect(drift(1, 1, 0, 0.001)).toBe(0);
});

it('drift is NaN where there is no standard deviation to measure in', () => {
  expect(drift(1, 2, -1, 0.001)).toBeNaN();
  expect(drift(NaN, 2, 1, 0.001)).toBeNaN();
  expect(drift(3, 2, 0, 0)).toBe(Infinity);
});

it('varianceRatio is batch over moving', () => {
  expect(varianceRatio(2, 4)).toBe(0.5);
  expect(varianceRatio(2, 0)).toBe(Infinity);
});
