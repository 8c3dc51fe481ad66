import { describe, expect, it } from 'vitest';
import {
  mostAffected,
  outputEffect,
  type InferenceNumbers,
} from '../../../../../src/core/batchnorm/comparing/outputEffect';

const layer: InferenceNumbers = {
  gamma: Float64Array.of(1, 2),
  beta: Float64Array.of(0, 1),
  movingMean: Float64Array.of(5, -1),
  movingVariance: Float64Array.of(4, 0.25),
  epsilon: 0,
};

describe('the effect on outputs', () => {
  it('is at the end of the inputs that a scale changes most', () => {
    // Two deviations from the mean y − beta is ±2·gamma: half of that with four times the variance.
    const after = { ...layer, movingVariance: layer.movingVariance.map(v => 4 * v) };
    expect([...outputEffect(layer, after)]).toEqual([1, 2]);
    expect(mostAffected(outputEffect(layer, after))).toBe(1);
  });

  it('of a mean that is moved is the same for all inputs', () => {
    const after = { ...layer, movingMean: Float64Array.of(6, -1) };
    expect([...outputEffect(layer, after)]).toEqual([0.5, 0]);
  });

  it('of nothing is nothing', () => {
    expect(mostAffected(outputEffect(layer, layer))).toBeUndefined();
  });

  it('of a variance that has no root is not a number, which is worst', () => {
    const after = {
      ...layer,
      beta: Float64Array.of(99, 1),
      movingVariance: Float64Array.of(4, -1),
    };
    const effect = outputEffect(layer, after);
    expect([...effect]).toEqual([99, NaN]);
    expect(mostAffected(effect)).toBe(1);
  });
});
