import { describe, expect, it } from 'vitest';
import { changeBetween, changeText, type Snapshot } from '../../../../src/core/debug/change';

const tensor = (shape: readonly number[], ...values: readonly number[]): Snapshot => ({
  shape,
  parts: [{ name: '', data: Float32Array.from(values) }],
});

describe('what changed between two stops', () => {
  it('counts, measures, and leaves NaN that stays out', () => {
    const before = Float32Array.from([1, NaN, 3, Infinity, 0]);
    const after = Float32Array.from([1.5, NaN, NaN, Infinity, -0]);
    expect(changeBetween(before, after)).toEqual({ of: 5, changed: 2, largest: 0.5, special: 1 });
  });

  it.each([
    ['unchanged', [1, 2], [1, 2]],
    ['1 of 2 changed, by at most 0.5', [1, 2], [1, 2.5]],
    ['1 of 2 changed, 1 to or from NaN or ∞', [1, 2], [NaN, 2]],
    ['2 of 2 changed, by at most 1, 1 to or from NaN or ∞', [1, 2], [Infinity, 3]],
  ])('says %s', (text, before, after) => {
    expect(changeText(tensor([2], ...before), tensor([2], ...after))).toBe(text);
  });

  it('says what the shape was', () => {
    expect(changeText(tensor([2], 1, 2), tensor([3], 1, 2, 3))).toBe('was [2]');
  });

  it('names the parameters of a layer that changed', () => {
    const layer = (mean: number): Snapshot => ({
      shape: [1],
      parts: [
        { name: 'gamma', data: Float64Array.of(1) },
        { name: 'moving mean', data: Float64Array.of(mean) },
      ],
    });
    expect(changeText(layer(0), layer(2))).toBe('moving mean: 1 of 1 changed, by at most 2');
  });
});
