import { expect, it } from 'vitest';
import type { FilesRow } from '../../../src/protocol/comparedFiles';
import { orderRows } from '../../../webview/comparedFiles/orderRows';

const row = (name: string, size: number | null, more: Partial<FilesRow> = {}): FilesRow => ({
  a: name,
  b: name,
  channels: 4,
  pairedBy: 'name',
  doubt: null,
  foldedInto: null,
  closeness: 'out',
  apart: [],
  effect: size === null ? null : { channel: 0, size },
  ...more,
});

const rows = [
  row('equal', null, { closeness: 'equal' }),
  row('little', 1e-3),
  row('only moved', null),
  row('alone', null, { closeness: null, b: null }),
  row('broken', NaN),
  row('much', 2),
];
const named = (worstFirst: boolean): (string | null | undefined)[] =>
  orderRows(rows, worstFirst).map(i => rows[i]?.a);

it('rows stay as they are', () => {
  expect(named(false)).toEqual(rows.map(({ a }) => a));
});

it('what has no partner comes first, then what is not a number, then what differs most', () => {
  expect(named(true)).toEqual(['alone', 'broken', 'much', 'little', 'only moved', 'equal']);
});
