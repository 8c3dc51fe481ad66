import { describe, expect, it } from 'vitest';
import { binEdges, countHistogram, slotsOf } from '../../../../src/core/statistics/histogram';
import golden from '../../../golden/histograms.json';

describe('a histogram', () => {
  it.each(golden)(
    'of $bins bins from $low to $high is numpy’s',
    ({ bins, low, high, ...case_ }) => {
      const data = Float32Array.from(case_.values);
      const range = { bins, low: Float64Array.of(low), high: Float64Array.of(high) };
      const counts = countHistogram(data, { outer: 1, channels: 1, inner: data.length }, range);
      expect([...counts.subarray(1, bins + 1)]).toEqual(case_.counts);
      expect(counts[0]).toBe(data.filter(x => x < low).length);
      expect(counts[bins + 1]).toBe(data.filter(x => x > high).length);
    },
  );

  it('counts what is no number apart, and channel by channel', () => {
    const data = Float32Array.of(0, 10, NaN, 10, Infinity, -Infinity, 1, 40, -1, 20);
    const range = { bins: 2, low: Float64Array.of(0, 10), high: Float64Array.of(1, 20) };
    const counts = countHistogram(data, { outer: 5, channels: 2, inner: 1 }, range);
    // Below, two bins, above, NaN, +∞, −∞.
    expect([...counts.subarray(0, slotsOf(2))]).toEqual([1, 1, 1, 0, 1, 1, 0]);
    expect([...counts.subarray(slotsOf(2))]).toEqual([0, 2, 1, 1, 0, 0, 1]);
  });

  it('of a constant is in the first bin', () => {
    const range = { bins: 8, low: Float64Array.of(3), high: Float64Array.of(3) };
    const counts = countHistogram(
      Float32Array.of(3, 3),
      { outer: 1, channels: 1, inner: 2 },
      range,
    );
    expect(counts[1]).toBe(2);
  });

  it('has edges that end where the range does', () => {
    expect([...binEdges(0, 1, 4)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(binEdges(-0.3, 0.7, 10).at(-1)).toBe(0.7);
  });
});
