import { describe, expect, it } from 'vitest';
import { parseSlice } from '../../../../src/core/tensor/sliceText';

const shape = [4, 3, 8, 8];

function written(text: string, of: readonly number[] = shape): string {
  const parsed = parseSlice(text, of);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value
    .map(selection =>
      selection.kind === 'index'
        ? String(selection.at)
        : `${selection.range.start}+${selection.range.step}×${selection.range.count}`,
    )
    .join(' ');
}

describe('slice text', () => {
  it.each([
    ['x[0, :, ::2, 3]', '0 0+1×3 0+2×4 3'],
    ['0, :, ::2, 3', '0 0+1×3 0+2×4 3'],
    [' model.bn1 [ -1 ]', '3 0+1×3 0+1×8 0+1×8'],
    ['[..., -2]', '0+1×4 0+1×3 0+1×8 6'],
    ['x[1, ..., 2:5]', '1 0+1×3 0+1×8 2+1×3'],
    ['x[::-1]', '3+-1×4 0+1×3 0+1×8 0+1×8'],
    ['x[0,]', '0 0+1×3 0+1×8 0+1×8'],
    ['', '0+1×4 0+1×3 0+1×8 0+1×8'],
    ['x[6:2]', '0+1×0 0+1×3 0+1×8 0+1×8'],
    ['x[0:100]', '0+1×4 0+1×3 0+1×8 0+1×8'],
  ])('%s', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it('of a scalar is empty', () => {
    expect(written('x[]', [])).toBe('');
    expect(written('...', [])).toBe('');
  });

  it.each([
    ['x[0, 3]', 'slice-out-of-range', '3', 'Axis 1 has size 3, and 3 is not in it: use -3 to 2'],
    ['x[0, a, 1]', 'slice-syntax', 'a', 'neither a whole number nor a range'],
    ['x[0, 1.5]', 'slice-syntax', '1.5', '"1.5" is neither'],
    ['x[::0]', 'slice-step', '::0', 'cannot be 0'],
    ['x[0:1:2:3]', 'slice-syntax', '0:1:2:3', 'two colons at most'],
    ['x[0, 0, 0, 0, 5]', 'slice-rank', '5', 'has 4 axes, and 5 are sliced'],
    ['x[..., 0, ...]', 'slice-ellipsis', '...', 'one "..." at most'],
    ['x[None]', 'slice-newaxis', 'None', 'cannot add one'],
    ['x[0, 1', 'slice-bracket', '[0, 1', 'not closed'],
    ['x[0][1]', 'slice-bracket', '[1]', 'one pair of brackets'],
    ['a+b[0]', 'slice-name', 'a+b', 'Only a name'],
    ['x[0,,1]', 'slice-syntax', ',', 'missing here'],
  ])('%s is refused where it is wrong', (text, code, marked, message) => {
    const parsed = parseSlice(text, shape);
    if (parsed.ok) throw new Error('it was read');
    expect(parsed.problem.code).toBe(code);
    expect(parsed.problem.message).toContain(message);
    const { start, end } = parsed.problem.range ?? { start: 0, end: 0 };
    expect(text.slice(start, end)).toBe(marked);
  });
});
