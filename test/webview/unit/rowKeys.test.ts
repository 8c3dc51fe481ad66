import { expect, it } from 'vitest';
import { movedAlong, movedAround } from '../../../webview/ui/rowKeys';

it.each([
  ['ArrowRight', 0, 1, 1],
  ['ArrowRight', 4, 4, 0],
  ['ArrowLeft', 3, 2, 2],
  ['ArrowLeft', 0, 0, 4],
  ['Home', 3, 0, 0],
  ['End', 3, 4, 4],
  ['ArrowUp', 3, undefined, undefined],
])('%s from %d of 5 goes to %d, and to %d where the ends meet', (key, at, along, around) => {
  expect(movedAlong(key, at, 5)).toBe(along);
  expect(movedAround(key, at, 5)).toBe(around);
});

it('begins at the ends', () => {
  expect(movedAlong('ArrowRight', undefined, 5)).toBe(0);
  expect(movedAlong('ArrowLeft', undefined, 5)).toBe(4);
});
