import { expect, it } from 'vitest';
import { crc32 } from '../../../../../src/core/formats/zip/crc32';
import { nodeServices } from '../../../../../src/engine/files/nodeServices';

it.each([
  ['', 0],
  ['123456789', 0xcbf43926],
])('is right for %j', (text, sum) => {
  const bytes = new TextEncoder().encode(text);
  expect(crc32(bytes)).toBe(sum);
  expect(nodeServices.crc32(bytes)).toBe(sum);
});

it('is what the platform computes', () => {
  const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => (i * i) >> 3);
  expect(nodeServices.crc32(bytes)).toBe(crc32(bytes));
});
