import { describe, expect, it } from 'vitest';
import {
  sharedNumbers,
  tellsNumbers,
} from '../../../../../src/core/batchnorm/pairing/sharedNumbers';

const mean = Float64Array.of(1, -2, 3, 0.5);
const variance = Float64Array.of(4, 9, 0.25, 1);
const other = Float64Array.of(7, 6, 5, 4);

describe('shared numbers', () => {
  it.each([
    ['all', { movingMean: mean, movingVariance: variance }, 8],
    ['one of two', { movingMean: mean, movingVariance: other }, 4],
    [
      'scaled variances: the factor is not shared',
      { movingMean: mean, movingVariance: variance.map(v => v * 2) },
      7,
    ],
    ['deviations', { movingMean: other, movingVariance: variance.map(Math.sqrt) }, 4],
    ['swapped', { movingMean: variance, movingVariance: mean }, 8],
    ['none', { movingMean: other, movingVariance: mean }, 0],
    ['of other lengths', { movingMean: mean.slice(1), movingVariance: variance.slice(1) }, 0],
    ['with a NaN at one place', { movingMean: mean.map((x, c) => (c === 1 ? NaN : x)) }, 0],
  ])('%s', (_, b, expected) => {
    expect(sharedNumbers({ movingMean: mean, movingVariance: variance }, b)).toBe(expected);
  });

  it('a NaN is the same as a NaN', () => {
    const broken = { movingMean: Float64Array.of(NaN, 1, 2) };
    expect(sharedNumbers(broken, broken)).toBe(3);
  });

  it('gamma and beta, but not those of any new layer', () => {
    const gamma = new Float64Array(4).fill(1);
    expect(sharedNumbers({ gamma, beta: mean }, { gamma, beta: mean })).toBe(4);
    expect(tellsNumbers({ gamma })).toBe(false);
    expect(tellsNumbers({ gamma, beta: mean })).toBe(true);
  });

  it('of one channel, where it is not a new layer’s', () => {
    expect(tellsNumbers({ gamma: Float64Array.of(1), beta: Float64Array.of(0) })).toBe(false);
    expect(tellsNumbers({ gamma: Float64Array.of(0.3) })).toBe(true);
  });
});
