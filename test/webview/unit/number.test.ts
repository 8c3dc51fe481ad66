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
