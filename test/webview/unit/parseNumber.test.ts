import { expect, test } from 'vitest';
import { parseCount, parseMomentum, parseNumber } from '../../../webview/ui/parseNumber';

test.each([
  ['0.5', 0.5],
  [' 1e-3 ', 1e-3],
  ['.5', 0.5],
  ['5.', 5],
  ['-2', -2],
  ['−2', -2],
  ['+2', 2],
  ['inf', Infinity],
  ['-Infinity', -Infinity],
  ['∞', Infinity],
  ['NaN', NaN],
])('%s is a number', (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test.each([
  '',
  ' ',
  '-',
  'e5',
  '1,5',
  '0x10',
  '1 2',
  'half',
  '--1',
  '1e',
  'toString',
  'constructor',
  '__proto__',
])('"%s" is none', text => {
  expect(parseNumber(text)).toBeUndefined();
});

test('a count is a whole number of at least 1', () => {
  expect(parseCount(' 25 ')).toBe(25);
  for (const text of ['0', '-1', '2.5', '1e3', '', '99999999999999999999']) {
    expect(parseCount(text), text).toBeUndefined();
  }
});

test('momentum may be none: the cumulative average', () => {
  expect(parseMomentum('None')).toBeNull();
  expect(parseMomentum('0.9')).toBe(0.9);
  expect(parseMomentum('some')).toBeUndefined();
});
