import { expect, it } from 'vitest';
import { compareValues, isClose } from '../../src/core/statistics/compare';
import cases from './compareNumpy.json';

function float32(hex: string): Float32Array {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], byte => parseInt(byte, 16));
  return new Float32Array(bytes.buffer);
}

it.each(cases)('compares as NumPy does: $name', expected => {
  const [a, b] = [float32(expected.a), float32(expected.b)];
  const { rtol, atol } = expected;
  const found = compareValues(a, b, { rtol, atol, equalNan: false });
  expect(isClose(found)).toBe(expected.close);
  expect(isClose(compareValues(a, b, { rtol, atol, equalNan: true }))).toBe(expected.closeWithNan);
  const { outside, maxAbs, maxRel, maxUlp } = expected;
  expect(found).toMatchObject({ outside, maxAbs, maxRel, maxUlp });
  expect([...found.ulps]).toEqual(expected.ulps);
  for (const name of ['meanAbs', 'rmse', 'cosine'] as const) {
    const size = Math.max(Math.abs(expected[name]), 1e-300);
    expect(Math.abs(found[name] - expected[name]) / size).toBeLessThan(1e-14);
  }
});
