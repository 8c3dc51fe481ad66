import { expect, test } from 'vitest';
import { changeText, numberText, plural, sameNumber } from '../../../webview/ui/number';

test('numbers have as many digits as their place asks for', () => {
  expect(numberText(Math.fround(0.035))).toBe('0.035');
  expect(numberText(0.034999966621398926)).toBe('0.034999967');
  expect(numberText(0.034999966621398926, 'printed')).toBe('0.03499997');
  expect(numberText(1.0791666507720947, 'printed')).toBe('1.0791667');
  expect(numberText(1.25e-7, 'printed')).toBe('1.25e-7');
  expect(numberText(123.456789, 'short')).toBe('123.46');
});

test.each([
  [-0.086012, '-0.08601'],
  [0.0054432, '0.00544'],
  [0.00086012, '0.00086'],
  [0.00000086012, '8.6e-7'],
  [-0.0000522, '-5.22e-5'],
  [-0.475312, '-0.47531'],
  [1234567, '1234600'],
  [1e10, '1e+10'],
  [0, '0'],
])('short numbers fit their column: %d', (x, text) => {
  expect(numberText(x, 'short')).toBe(text);
});

test('what is not finite has its glyph', () => {
  expect([NaN, Infinity, -Infinity].map(x => numberText(x))).toEqual(['NaN', '+∞', '−∞']);
});

test('NaN stays NaN, and says so', () => {
  expect(sameNumber(NaN, NaN)).toBe(true);
  expect(changeText(NaN, NaN)).toBe('NaN, stays');
  expect(changeText(0, 0.5)).toBe('0 → 0.5');
});

test('counts are said with their noun', () => {
  expect(plural(1, 'step')).toBe('1 step');
  expect(plural(4096, 'channel')).toBe('4,096 channels');
});
