import { describe, expect, it } from 'vitest';
import { parseIndices, parseNumber } from '../../../../src/host/commands/parseNumber';

describe('what people type', () => {
  it.each([
    ['1', 1],
    [' -0.5 ', -0.5],
    ['.25', 0.25],
    ['1e-5', 1e-5],
    ['+3.', 3],
    ['NaN', NaN],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
  ])('%j is a number', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each(['', ' ', '1,5', '0x10', 'ten', '1 2', '--1', '1e', '.'])('%j is none', text => {
    expect(parseNumber(text)).toBeUndefined();
  });

  it('reads indices with or without brackets', () => {
    expect(parseIndices('[0, 1,2 ,3]')).toEqual([0, 1, 2, 3]);
    expect(parseIndices('4')).toEqual([4]);
    expect(parseIndices('0, -1')).toBeUndefined();
    expect(parseIndices('a')).toBeUndefined();
  });
});
