import { describe, expect, it } from 'vitest';
import { answerLimit, BoundedText } from '../../../../src/host/tools/boundedText';

describe('BoundedText', () => {
  it('keeps what just fits', () => {
    const text = new BoundedText(8);
    text.add('abc\n');
    text.add('def\n');
    expect(text.finish('')).toBe('abc\ndef');
  });

  it('keeps whole lines, and says how many were cut, however many pieces they came in', () => {
    const text = new BoundedText(9);
    for (const piece of ['abc\nd', 'ef\ngh', 'i\n', 'jkl']) text.add(piece);
    expect(text.finish('Name one.')).toBe(
      'abc\ndef\n\n[Cut here: 2 of 4 lines are shown, as an answer has at most 9 characters. Name one.]',
    );
  });

  it('cuts a line that is longer than the limit', () => {
    const text = new BoundedText(4);
    text.add('abcdefgh\n');
    expect(text.finish('')).toMatch(/^abcd\n\n\[Cut here: 1 of 1 lines/);
  });
});

describe('answerLimit', () => {
  it('is what the model has room for, within bounds', () => {
    expect(answerLimit(undefined)).toBe(16_000);
    expect(answerLimit(1000)).toBe(3000);
    expect(answerLimit(1_000_000)).toBe(16_000);
    expect(answerLimit(1)).toBe(1000);
  });
});
