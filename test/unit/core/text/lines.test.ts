import { describe, expect, it } from 'vitest';
import { formatPlace, LineIndex, positionAt, positionIn } from '../../../../src/core/text/lines';
import { BytesReader, Utf8Source } from '../../../../src/core/text/textSource';

const text = 'ab\ncd\r\n\re\n';

describe('the line and column of an offset', () => {
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [5, 2, 3],
    // Between the two characters of one line end.
    [6, 2, 4],
    [7, 3, 1],
    [8, 4, 1],
    [9, 4, 2],
    [10, 5, 1],
    [-3, 1, 1],
    [99, 5, 1],
  ])('%i is %i:%i', (offset, line, column) => {
    expect(positionAt(text, offset)).toEqual({ line, column });
    expect(new LineIndex(text).positionAt(offset)).toEqual({ line, column });
  });

  it('is the first in an empty text', () => {
    expect(positionAt('', 0)).toEqual({ line: 1, column: 1 });
    expect(new LineIndex('').positionAt(0)).toEqual({ line: 1, column: 1 });
  });

  it('counts UTF-16 code units, as editors do', () => {
    expect(positionAt('😀x', 2)).toEqual({ line: 1, column: 3 });
  });

  it('reads well in a sentence', () => {
    expect(formatPlace(text, 4)).toBe('line 2, column 2');
  });
});

describe('a place in text that comes in pieces', () => {
  const texts = ['', 'a', '\n', '\r', '\r\n', 'a\nb\r\nc\rd', 'ö\r\n\r\rß\n', '\n\r\n\r', 'x\r'];

  it.each(texts)('is that in the whole text: %j', text => {
    const bytes = new TextEncoder().encode(text);
    for (let offset = -1; offset <= text.length + 1; offset++) {
      for (const most of [1, 2, 3, 100]) {
        const reader = new BytesReader(bytes);
        const pieces = {
          size: bytes.length,
          read: (into: Uint8Array) => reader.read(into.subarray(0, most)),
        };
        expect(positionIn(new Utf8Source(pieces), offset)).toEqual(positionAt(text, offset));
      }
    }
  });
});
