import { describe, expect, it } from 'vitest';
import {
  formatRange,
  indexOfPosition,
  positionAt,
  resolveRange,
  type AxisRange,
} from '../../../../src/core/tensor/axisRange';
import { parseSlice } from '../../../../src/core/tensor/sliceText';
import sliceIndices from '../../../golden/sliceIndices.json';

type Case = [number, number | null, number | null, number | null, number[]];

const positions = (range: AxisRange): number[] =>
  Array.from({ length: range.count }, (_, i) => positionAt(range, i));

describe('ranges along an axis', () => {
  it('take what Python takes, and are printed so that they are read back', () => {
    for (const [size, start, stop, step, expected] of sliceIndices as Case[]) {
      const named = `size ${size}, ${start}:${stop}:${step}`;
      const range = resolveRange(size, {
        start: start ?? undefined,
        stop: stop ?? undefined,
        step: step ?? undefined,
      });
      expect(positions(range), named).toEqual(expected);
      const again = parseSlice(formatRange(range, size), [size]);
      if (!again.ok) throw new Error(again.problem.message);
      const [selection] = again.value;
      expect(selection?.kind === 'range' && positions(selection.range), named).toEqual(expected);
    }
  });

  it('prints no more than it has to', () => {
    expect(formatRange(resolveRange(8, {}), 8)).toBe(':');
    expect(formatRange(resolveRange(8, { step: 2 }), 8)).toBe('::2');
    expect(formatRange(resolveRange(8, { step: -1 }), 8)).toBe('::-1');
    expect(formatRange(resolveRange(8, { start: 2, stop: 5 }), 8)).toBe('2:5');
    expect(formatRange(resolveRange(8, { start: 5, stop: 1, step: -2 }), 8)).toBe('5:2:-2');
    expect(formatRange(resolveRange(8, { start: 5, stop: 5 }), 8)).toBe('0:0');
  });

  it('finds a position again', () => {
    const range = resolveRange(9, { start: 7, step: -3 });
    expect(positions(range)).toEqual([7, 4, 1]);
    expect([7, 4, 1, 0, 10, 6].map(at => indexOfPosition(range, at))).toEqual([
      0, 1, 2, -1, -1, -1,
    ]);
  });
});
