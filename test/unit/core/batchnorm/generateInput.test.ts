import { describe, expect, it } from 'vitest';
import { generatedShape, generateInput } from '../../../../src/core/batchnorm/generateInput';
import { channelMoments } from '../../../../src/core/statistics/reference';
import { channelLayout } from '../../../../src/core/tensor/shape';

const request = {
  mean: Float64Array.of(-3, 0, 12),
  variance: Float64Array.of(4, 0, 0.25),
  shape: [8, 3, 8, 8],
  channelAxis: 1,
  seed: 1,
};

describe('a generated input', () => {
  it('has the statistics it is drawn from, to what 512 values give', () => {
    const { tensor, replaced } = generateInput(request);
    expect(replaced).toEqual([]);
    const { n, mean, variance } = channelMoments(tensor.data, channelLayout([8, 3, 8, 8], 1));
    expect([...n]).toEqual([512, 512, 512]);
    // Five standard errors of a mean: 5·σ/√512.
    expect(Math.abs((mean[0] ?? NaN) + 3)).toBeLessThan(0.45);
    expect(mean[1]).toBe(0);
    expect(variance[1]).toBe(0);
    expect(Math.abs((mean[2] ?? NaN) - 12)).toBeLessThan(0.12);
    expect((variance[0] ?? NaN) / 4).toBeGreaterThan(0.7);
    expect((variance[0] ?? NaN) / 4).toBeLessThan(1.35);
  });

  it('is the same for the same seed, and another for another', () => {
    const first = generateInput(request).tensor.data;
    expect(generateInput(request).tensor.data).toEqual(first);
    expect(generateInput({ ...request, seed: 2 }).tensor.data).not.toEqual(first);
  });

  it('names the channels that nothing can be drawn from, and draws standard ones there', () => {
    const variance = Float64Array.of(-1, NaN, 1);
    const { tensor, replaced } = generateInput({ ...request, variance });
    expect(replaced).toEqual([0, 1]);
    expect(tensor.data.every(Number.isFinite)).toBe(true);
  });
});

describe('its shape', () => {
  it.each([
    [64, 1, [8, 64, 8, 8]],
    [64, 3, [8, 8, 8, 64]],
    [64, -1, [8, 8, 8, 64]],
    [64, 2, [8, 64, 64]],
    [64, 4, [8, 8, 8, 1, 64]],
    [2048, 1, [8, 2048, 4, 4]],
    [1_000_000, 1, [8, 1_000_000, 1, 1]],
  ])('of %d channels on axis %d', (channels, axis, shape) => {
    expect(generatedShape(channels, axis)).toEqual(shape);
  });
});
