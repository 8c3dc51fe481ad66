import { describe, expect, it } from 'vitest';
import { printTensor } from '../../../../src/host/hover/printTensor';

describe('printTensor', () => {
  it('lays rows out in aligned columns, nested as the shape is', () => {
    expect(printTensor([2, 2], Float32Array.of(1, -2.5, 100, NaN))).toBe(
      '[[   1  -2.5]\n [ 100   NaN]]',
    );
    expect(printTensor([2, 1, 1], Float32Array.of(1, 2))).toBe('[[[1]]\n [[2]]]');
  });
  it('prints a vector, a scalar and nothing', () => {
    expect(printTensor([2], Float32Array.of(1, 2))).toBe('[1  2]');
    expect(printTensor([], Float32Array.of(3))).toBe('3');
    expect(printTensor([0, 2], new Float32Array(0))).toBe('[]');
  });
});
