import { expect, it } from 'vitest';
import { formatBytes } from '../../../../src/core/text/byteSize';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1536, '1.54 kB'],
  [99_960, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [5_368_709_120, '5.37 GB'],
  [2 ** 60, '1152922 TB'],
])('writes %d as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
