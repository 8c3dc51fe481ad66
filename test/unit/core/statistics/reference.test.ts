import { describe, expect, it } from 'vitest';
import { histogramBins } from '../../../../src/core/statistics/channels';
import {
  binOf,
  channelMoments,
  summarizeChannels,
} from '../../../../src/core/statistics/reference';
import type { ChannelLayout } from '../../../../src/core/tensor/shape';

const layout = (outer: number, channels: number, inner: number): ChannelLayout => ({
  outer,
  channels,
  inner,
});

describe('channelMoments', () => {
  it('takes the biased variance of each channel, wherever its axis is', () => {
    const last = channelMoments(Float32Array.of(4, 1, 7, 1, 2, 1, 0, 1), layout(4, 2, 1));
    expect(Array.from(last.mean)).toEqual([3.25, 1]);
    expect(Array.from(last.variance)).toEqual([6.6875, 0]);
    expect(Array.from(last.n)).toEqual([4, 4]);
    const first = channelMoments(Float32Array.of(4, 7, 2, 0, 1, 1, 1, 1), layout(1, 2, 4));
    expect(first).toEqual(last);
  });

  it('is exact where E[x²] − E[x]² is not: two passes', () => {
    const data = Float64Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    expect(channelMoments(data, layout(1000, 1, 1)).variance[0]).toBe(0.25);
  });

  it('lets a NaN and an infinity reach their own channels only', () => {
    const data = Float32Array.of(1, NaN, Infinity, 2, 5, 0);
    const { mean, variance } = channelMoments(data, layout(2, 3, 1));
    expect(Array.from(mean)).toEqual([1.5, NaN, Infinity]);
    expect(Array.from(variance)).toEqual([0.25, NaN, NaN]);
  });

  it('of nothing is NaN', () => {
    expect(channelMoments(new Float32Array(0), layout(0, 1, 1)).mean[0]).toBeNaN();
  });

  it('counts what the mask keeps', () => {
    const mask = { weights: Uint8Array.of(1, 0, 1), run: 2, denominatorEpsilon: 0 };
    const { n, mean } = channelMoments(Float32Array.of(1, 2, 9, 9, 3, 4), layout(3, 2, 1), mask);
    expect(Array.from(n)).toEqual([2, 2]);
    expect(Array.from(mean)).toEqual([2, 3]);
  });

  it('of a channel that is wholly masked is 0 with a denominator epsilon, and NaN without', () => {
    const of = (denominatorEpsilon: number): number | undefined =>
      channelMoments(Float32Array.of(1, 2), layout(2, 1, 1), {
        weights: Uint8Array.of(0, 0),
        run: 1,
        denominatorEpsilon,
      }).mean[0];
    expect(of(1e-7)).toBe(0);
    expect(of(0)).toBeNaN();
  });
});

describe('summarizeChannels', () => {
  it('counts what is not finite apart, and summarises the rest', () => {
    const data = Float32Array.of(1, NaN, 3, Infinity, -Infinity, 2, NaN, NaN);
    const s = summarizeChannels(data, layout(1, 1, 8));
    expect([s.n[0], s.nan[0], s.posInf[0], s.negInf[0]]).toEqual([8, 3, 1, 1]);
    expect([s.min[0], s.max[0], s.mean[0]]).toEqual([1, 3, 2]);
    expect(s.std[0]).toBeCloseTo(Math.sqrt(2 / 3), 15);
    expect(s.histogram.reduce((sum, count) => sum + count)).toBe(3);
  });

  it('has no numbers where nothing is finite', () => {
    const s = summarizeChannels(Float32Array.of(NaN, Infinity), layout(2, 1, 1));
    expect([s.min[0], s.max[0], s.mean[0], s.std[0]]).toEqual([NaN, NaN, NaN, NaN]);
    expect(s.histogram.every(count => count === 0)).toBe(true);
  });

  it('bins each channel over its own range', () => {
    const s = summarizeChannels(Float32Array.of(0, 100, 1, 200), layout(2, 2, 1));
    expect(s.histogram[0]).toBe(1);
    expect(s.histogram[histogramBins - 1]).toBe(1);
    expect(s.histogram[histogramBins]).toBe(1);
    expect(s.histogram[2 * histogramBins - 1]).toBe(1);
  });
});

it('binOf puts the maximum into the last bin and a constant into the first', () => {
  expect(binOf(0, 0, 16)).toBe(0);
  expect(binOf(0.999, 0, 16)).toBe(0);
  expect(binOf(1, 0, 16)).toBe(1);
  expect(binOf(16, 0, 16)).toBe(histogramBins - 1);
  expect(binOf(3, 3, 3)).toBe(0);
});
