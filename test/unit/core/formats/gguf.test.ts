import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { gguf } from '../../../../src/core/formats/gguf';
import { recognise } from '../../../../src/core/formats/registry';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  entryOf,
  fixtureFolder,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';

const u32 = (value: number): number[] => [0, 8, 16, 24].map(shift => (value >>> shift) & 255);
const u64 = (value: number): number[] => [
  ...u32(value % 2 ** 32),
  ...u32(Math.floor(value / 2 ** 32)),
];
const text = (value: string): number[] => [
  ...u64(value.length),
  ...new TextEncoder().encode(value),
];
const head = (tensors: number, pairs: number): number[] => [
  ...new TextEncoder().encode('GGUF'),
  ...u32(3),
  ...u64(tensors),
  ...u64(pairs),
];
const tensor = (name: string, shape: readonly number[], type: number, offset = 0): number[] => [
  ...text(name),
  ...u32(shape.length),
  ...shape.flatMap(u64),
  ...u32(type),
  ...u64(offset),
];

const open = (bytes: readonly number[]): Promise<TensorCatalog> =>
  gguf.open(fakeSource('m.gguf', new Uint8Array(bytes)), services, never);

describe('gguf', () => {
  it('lists tensors, outermost dimension first, and reads the plain ones', async () => {
    const catalog = await openFixture(gguf, 'gguf/t.gguf');
    expect(
      catalog.entries.map(({ name, shape, dtype, bytes }) => [name, shape, dtype, bytes]),
    ).toEqual([
      ['bn.weight', [32], 'float32', 128],
      ['f16', [2, 32], 'float16', 128],
      ['q8', [2, 32], 'Q8_0', 68],
    ]);
    // Made of ones: numpy.ones(32, 'f4') and numpy.ones((2, 32), 'f2').
    expect([...(await valuesOf(catalog, 'bn.weight'))]).toEqual(new Array(32).fill(1));
    expect([...(await valuesOf(catalog, 'f16'))]).toEqual(new Array(64).fill(1));
    expect(entryOf(catalog, 'q8').content).toHaveProperty(
      'reason',
      expect.stringMatching(/quantised/),
    );
    expect(catalog.hints).toEqual([]);
    expect(catalog.notes).toEqual([expect.stringMatching(/no batch norm/)]);
  });

  it('is recognised by its signature', () => {
    expect(recognise(bytesOf(path.join(fixtureFolder, 'gguf/t.gguf')), 'model')).toBe(gguf);
  });

  it('passes over metadata of every type, and heeds the alignment', async () => {
    const words = Array.from({ length: 20_000 }, (_, i) => text(`word ${i}`));
    const metadata = [
      [...text('u8'), ...u32(0), 1],
      [...text('f64'), ...u32(12), ...u64(0)],
      [...text('words'), ...u32(9), ...u32(8), ...u64(words.length), ...words.flat()],
      [...text('numbers'), ...u32(9), ...u32(5), ...u64(3), ...u32(1), ...u32(2), ...u32(3)],
      [...text('general.alignment'), ...u32(4), ...u32(64)],
    ];
    const bytes = [...head(1, metadata.length), ...metadata.flat(), ...tensor('w', [2], 26)];
    while (bytes.length % 64 !== 0) bytes.push(0xff);
    const catalog = await open([...bytes, ...u32(7), ...u32(8)]);
    expect([...(await valuesOf(catalog, 'w'))]).toEqual([7, 8]);
  });

  it('lists a tensor that is cut off, or of an unknown type, with the reason', async () => {
    const { entries } = await open([
      ...head(2, 0),
      ...tensor('far', [1000], 0),
      ...tensor('odd', [1], 200),
    ]);
    expect(entries.map(({ content }) => content)).toMatchObject([
      { reason: expect.stringMatching(/cut short/) as string },
      { reason: 'values of ggml type 200 are not read' },
    ]);
  });

  it.each([
    ['another version', [...new TextEncoder().encode('GGUF'), ...u32(1), ...u64(0), ...u64(0)]],
    ['2^60 tensors', head(2 ** 60, 0)],
    ['2^60 metadata', head(0, 2 ** 60)],
    ['a name of 2^60 bytes', [...head(1, 0), ...u64(2 ** 60), ...new Array<number>(24).fill(0)]],
    ['a dimension of 2^60', [...head(1, 0), ...tensor('w', [2 ** 60], 0)]],
    ['a shape that overflows', [...head(1, 0), ...tensor('w', [2 ** 30, 2 ** 30], 0)]],
    ['2^32 dimensions', [...head(1, 0), ...text('w'), ...u32(2 ** 32 - 1), ...u64(0), ...u64(0)]],
    ['a list of 2^60 texts', [...head(0, 1), ...text('k'), ...u32(9), ...u32(8), ...u64(2 ** 60)]],
    [
      'a text in a list that is too long',
      [...head(0, 1), ...text('k'), ...u32(9), ...u32(8), ...u64(1), ...u64(2 ** 60)],
    ],
    ['a list of lists', [...head(0, 1), ...text('k'), ...u32(9), ...u32(9), ...u64(1)]],
    ['metadata of an unknown type', [...head(0, 1), ...text('k'), ...u32(13), ...u64(1)]],
    ['an alignment of 0', [...head(0, 1), ...text('general.alignment'), ...u32(4), ...u32(0)]],
    ['a header that is cut short', [...head(1, 0), 1]],
  ])('refuses %s', async (_what, bytes) => {
    expect(await refusalOf(() => open(bytes))).not.toBe('');
  });

  it('survives damage', () => surviveDamage(gguf, 'gguf/t.gguf'));
});
