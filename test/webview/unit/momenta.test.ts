import { expect, it } from 'vitest';
import { parseMomenta } from '../../../webview/pictures/steps/parseMomenta';

it.each([
  ['0.9, 0.99', [0.9, 0.99]],
  ['0.9 0.9;1', [0.9, 1]],
  ['', []],
  ['1.1', undefined],
  ['0.9, x', undefined],
  ['0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8', undefined],
])('%j', (text, momenta) => {
  expect(parseMomenta(text)).toEqual(momenta);
});
