import { expect, it } from 'vitest';
import { thinnedPoints } from '../../../../src/core/recording/thinned';

it('keeps what stands out of a long series, and its ends', () => {
  const steps = Float64Array.from({ length: 10_000 }, (_, i) => 2 * i);
  const values = Float64Array.from(steps, (_, i) => Math.sin(i));
  values[1234] = 50;
  values[7777] = -50;
  const thinned = thinnedPoints({ steps, values }, 400);
  expect(thinned.steps.length).toBeLessThanOrEqual(400);
  expect(thinned.steps.length).toBeGreaterThan(200);
  expect(thinned.values[thinned.steps.indexOf(2 * 1234)]).toBe(50);
  expect(thinned.values[thinned.steps.indexOf(2 * 7777)]).toBe(-50);
  expect(thinned.steps[0]).toBe(0);
  expect(thinned.steps.at(-1)).toBe(19_998);
  expect([...thinned.steps]).toEqual([...thinned.steps].sort((a, b) => a - b));
});

it('leaves a short series alone', () => {
  const points = { steps: Float64Array.of(1, 2), values: Float64Array.of(NaN, 3) };
  expect(thinnedPoints(points, 4)).toBe(points);
});
