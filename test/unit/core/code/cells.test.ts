import { describe, expect, it } from 'vitest';
import { cellAt, isKernelCode, joinCells } from '../../../../src/core/code/cells';

describe('joinCells', () => {
  it('tells where cells begin, and what an offset is in', () => {
    const { text, starts } = joinCells(['ab', '', 'c']);
    expect(text).toBe('ab\n\nc');
    expect(starts).toEqual([0, 3, 4]);
    expect([0, 2, 3, 4, 5].map(offset => cellAt(starts, offset))).toEqual([0, 0, 1, 2, 2]);
    expect(joinCells([])).toEqual({ text: '', starts: [] });
  });
});

describe('isKernelCode', () => {
  it.each(['%%bash\nls', '%%writefile train.py\nx = 1', '%%html\n<p>', '\n%%R\nx <- 1', '%%!\nls'])(
    'is not of %j',
    cell => expect(isKernelCode(cell)).toBe(false),
  );
  it.each(['%%time\nx', '%%capture output\nx', '%%wandb\nx', 'x % y', '%matplotlib inline', ''])(
    'is of %j',
    cell => expect(isKernelCode(cell)).toBe(true),
  );
});
