import { describe, expect, test } from 'vitest';
import { beginsNumber, clampPosition, moveInGrid } from '../../../webview/channels/gridKeys';

const extent = { rows: 100, columns: 10, page: 20 };

describe('moveInGrid', () => {
  test.each([
    ['ArrowUp', false, { row: 0, column: 3 }, { row: -1, column: 3 }],
    ['ArrowUp', false, { row: -1, column: 3 }, { row: -1, column: 3 }],
    ['ArrowDown', false, { row: 99, column: 3 }, { row: 99, column: 3 }],
    ['ArrowLeft', false, { row: 5, column: 0 }, { row: 5, column: 0 }],
    ['ArrowRight', false, { row: 5, column: 9 }, { row: 5, column: 9 }],
    ['PageDown', false, { row: 5, column: 1 }, { row: 25, column: 1 }],
    ['PageDown', false, { row: 95, column: 1 }, { row: 99, column: 1 }],
    ['PageUp', false, { row: 5, column: 1 }, { row: 0, column: 1 }],
    ['Home', false, { row: 5, column: 4 }, { row: 5, column: 0 }],
    ['End', false, { row: 5, column: 4 }, { row: 5, column: 9 }],
    ['Home', true, { row: 5, column: 4 }, { row: 0, column: 0 }],
    ['End', true, { row: 5, column: 4 }, { row: 99, column: 9 }],
  ])('%s (control %s) from %o', (key, control, from, to) => {
    expect(moveInGrid(key, control, from, extent)).toEqual(to);
  });

  test('other keys do not move', () => {
    expect(moveInGrid('a', false, { row: 0, column: 0 }, extent)).toBeUndefined();
    expect(moveInGrid('PageDown', true, { row: 0, column: 0 }, extent)).toBeUndefined();
  });

  test('an empty grid has its header', () => {
    const empty = { rows: 0, columns: 10, page: 1 };
    expect(clampPosition({ row: 7, column: 2 }, empty)).toEqual({ row: -1, column: 2 });
  });
});

test('a number begins with a digit, a sign, a point, or the first letter of nan and inf', () => {
  expect(Array.from('0.-+−ni∞').every(beginsNumber)).toBe(true);
  expect(['a', ' ', 'Enter', 'F2', 'Insert'].some(beginsNumber)).toBe(false);
});
