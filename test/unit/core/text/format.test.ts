import { describe, expect, it } from 'vitest';
import {
  formatFloat32,
  formatJsonNumber,
  formatSignificant,
} from '../../../../src/core/text/format';

describe('float32 as text', () => {
  it.each([
    [0.1, '0.1'],
    [0.032499969005584717, '0.03249997'],
    [1.0791666507720947, '1.0791667'],
    [1 / 3, '0.33333334'],
    [16777216, '16777216'],
    [16777217, '16777216'],
    [8589934592, '8589935000'],
    [3.4028234663852886e38, '3.4028235e+38'],
    [1.1754943508222875e-38, '1.1754944e-38'],
    [1.401298464324817e-45, '1e-45'],
    [-1e-7, '-1e-7'],
    [1e10, '10000000000'],
    [0, '0'],
    [-0, '0'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [1e39, 'Infinity'],
  ])('%d is %s', (x, text) => {
    expect(formatFloat32(x)).toBe(text);
  });

  it('reads back to the same bits, and no shorter text does', () => {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    for (let i = 0; i < 60_000; i++) {
      bits[0] = Math.imul(i, 2654435761);
      const x = float[0] as number;
      if (!Number.isFinite(x) || x === 0) continue;
      const text = formatFloat32(x);
      if (Math.fround(Number(text)) !== x) expect.fail(`${x} became ${text}`);
      const digits = text.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length;
      const shorter = digits > 1 ? Number(x.toPrecision(digits - 1)) : NaN;
      const needless = Math.fround(shorter) === x && !Number.isInteger(x);
      if (needless) expect.fail(`${x} became ${text}, and ${shorter} would do`);
    }
  });
});

describe('numbers in JSON', () => {
  it.each([
    [0.1, '0.1'],
    [NaN, '"NaN"'],
    [Infinity, '"Infinity"'],
    [-Infinity, '"-Infinity"'],
    [-0, '-0'],
  ])('%d is %s', (x, text) => {
    expect(formatJsonNumber(x)).toBe(text);
    const back: unknown = JSON.parse(text);
    expect(Object.is(Number(back), x)).toBe(true);
  });

  it('are float64 unless told', () => {
    expect(formatJsonNumber(Math.fround(0.1))).toBe('0.10000000149011612');
    expect(formatJsonNumber(Math.fround(0.1), formatFloat32)).toBe('0.1');
  });
});

describe('significant digits', () => {
  it.each([
    [1 / 3, 6, '0.333333'],
    [3.25, 6, '3.25'],
    [1234567, 3, '1230000'],
    [NaN, 3, 'NaN'],
    [-Infinity, 3, '-Infinity'],
    [0, 3, '0'],
  ])('%d to %i is %s', (x, digits, text) => {
    expect(formatSignificant(x, digits)).toBe(text);
  });
});
