import { describe, expect, it } from 'vitest';
import { trackRange, trackRanges } from '../../../../src/host/inspection/trackRange';

const range = { start: 10, end: 20 };

describe('a range in a text that is edited', () => {
  it.each([
    ['text inserted before it', { start: 3, length: 0, inserted: 4 }, { start: 14, end: 24 }],
    ['text inserted just before it', { start: 10, length: 0, inserted: 2 }, { start: 12, end: 22 }],
    ['text removed before it', { start: 0, length: 5, inserted: 0 }, { start: 5, end: 15 }],
    ['an edit inside', { start: 12, length: 1, inserted: 3 }, { start: 10, end: 22 }],
    ['a cut inside', { start: 11, length: 8, inserted: 0 }, { start: 10, end: 12 }],
    ['an edit after it', { start: 20, length: 2, inserted: 9 }, range],
    ['a cut over its start', { start: 8, length: 5, inserted: 0 }, { start: 8, end: 15 }],
    ['a cut over its end', { start: 18, length: 5, inserted: 0 }, { start: 10, end: 18 }],
    ['the whole text replaced', { start: 0, length: 50, inserted: 30 }, { start: 0, end: 30 }],
  ])('moves with %s', (_, change, expected) => {
    expect(trackRange(range, change)).toEqual(expected);
  });

  it('takes several changes of one event, whichever order they come in', () => {
    const changes = [
      { start: 0, length: 0, inserted: 2 },
      { start: 15, length: 1, inserted: 2 },
    ];
    expect(trackRanges(range, changes)).toEqual({ start: 12, end: 23 });
    expect(trackRanges(range, [...changes].reverse())).toEqual({ start: 12, end: 23 });
  });

  it('keeps pointing at the same text under random edits before and after it', () => {
    const seed = Date.now() % 100_000;
    let state = seed;
    const random = (below: number): number => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % below;
    };
    const mark = '[[1, 2], [3, 4]]';
    let text = `x = ${mark}\ny = 5\n`;
    let at = { start: 4, end: 4 + mark.length };
    for (let k = 0; k < 200; k++) {
      const before = random(2) === 0;
      const start = before ? random(at.start + 1) : at.end + random(text.length - at.end + 1);
      const room = before ? at.start - start : text.length - start;
      const length = random(Math.min(room, 3) + 1);
      const inserted = 'abcde'.slice(0, random(5));
      text = text.slice(0, start) + inserted + text.slice(start + length);
      at = trackRange(at, { start, length, inserted: inserted.length });
      expect(text.slice(at.start, at.end), `seed ${seed}, edit ${k}`).toBe(mark);
    }
  });
});
