import path from 'node:path';
import { decode, encode, ExtData, ExtensionCodec } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { flax } from '../../../../src/core/formats/flax';
import { flaxLayers } from '../../../../src/core/formats/msgpack/layers';
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
import { processorTime } from './processorTime';

const fixture = 'flax/flax.msgpack';

/** An array as flax packs it, by the msgpack library that is not ours. */
function array(shape: readonly number[], dtype: string, data: ArrayBufferView): ExtData {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new ExtData(1, encode([shape, dtype, bytes]));
}

const open = (bytes: Uint8Array): Promise<TensorCatalog> =>
  flax.open(fakeSource('m.msgpack', bytes), services, never);
const float32 = (...values: number[]): Float32Array => Float32Array.from(values);

interface Unpacked {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes: Uint8Array;
}

/** Every array of the fixture, as the msgpack library reads it. */
function unpacked(bytes: Uint8Array): Map<string, Unpacked> {
  const extensionCodec = new ExtensionCodec();
  const codec = {
    encode: () => null,
    decode: (data: Uint8Array): Unpacked => {
      const [shape, dtype, bytes] = decode(data) as [number[], string, Uint8Array];
      return { shape, dtype, bytes };
    },
  };
  extensionCodec.register({ type: 1, ...codec });
  extensionCodec.register({ type: 3, ...codec });
  const found = new Map<string, Unpacked>();
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null || node instanceof ExtData) return;
    if ('bytes' in node) found.set(path, node as Unpacked);
    else
      for (const [key, value] of Object.entries(node)) visit(value, path ? `${path}/${key}` : key);
  };
  visit(decode(bytes, { extensionCodec }), '');
  return found;
}

describe('flax', () => {
  it('reads variables as a msgpack library does', async () => {
    const catalog = await openFixture(flax, fixture);
    const theirs = unpacked(bytesOf(path.join(fixtureFolder, fixture)));
    expect(theirs.size).toBe(10);
    for (const [name, { shape, dtype, bytes }] of theirs) {
      expect(entryOf(catalog, name)).toMatchObject({ shape, dtype, bytes: bytes.length });
      if (dtype !== 'float32') continue;
      const copy = bytes.slice();
      expect(await valuesOf(catalog, name)).toEqual(new Float32Array(copy.buffer));
    }
    expect([...(await valuesOf(catalog, 'extra/bf16'))]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...(await valuesOf(catalog, 'extra/scalar'))]).toEqual([2]);
    expect([...(await valuesOf(catalog, 'extra/c'))]).toEqual([1, 2]);
    expect([...(await valuesOf(catalog, 'extra/i'))]).toEqual([3]);
  });

  it('joins the statistics of a layer with its parameters', async () => {
    const { hints } = await openFixture(flax, fixture);
    expect(hints).toEqual([
      {
        name: 'BatchNorm_0',
        convention: 'flax',
        parameters: {
          gamma: 'params/BatchNorm_0/scale',
          beta: 'params/BatchNorm_0/bias',
          movingMean: 'batch_stats/BatchNorm_0/mean',
          movingVariance: 'batch_stats/BatchNorm_0/var',
        },
      },
      {
        name: 'bn2',
        convention: 'flax',
        parameters: {
          beta: 'params/bn2/bias',
          movingMean: 'batch_stats/bn2/mean',
          movingVariance: 'batch_stats/bn2/var',
        },
      },
    ]);
  });

  it('finds layers of a training state and of nnx, and no copies of an optimizer', async () => {
    const vector = array([1], 'float32', float32(1));
    const params = { block: { bn: { scale: vector, bias: vector } } };
    const stats = { block: { bn: { mean: vector, var: vector } } };
    const { hints } = await open(
      encode({
        target: {
          step: 10,
          params,
          batch_stats: stats,
          opt_state: { 0: { mu: params, nu: params } },
        },
        nnx: { bn: { scale: { value: vector }, mean: { value: vector }, var: { value: vector } } },
        other: { mean: vector, std: vector },
      }),
    );
    expect(hints).toMatchObject([
      { name: 'target/block/bn', parameters: { gamma: 'target/params/block/bn/scale' } },
      {
        name: 'nnx/bn',
        parameters: { gamma: 'nnx/bn/scale/value', movingVariance: 'nnx/bn/var/value' },
      },
    ]);
  });

  it('takes a mean and a variance for a batch norm only where something says so', async () => {
    const vector = array([3], 'float32', float32(1, 2, 3));
    const statistics = { mean: vector, var: vector };
    const { hints } = await open(
      encode({
        normalizer: statistics,
        subnet: { obs: statistics },
        plain: { BatchNorm_0: statistics, bn1: statistics },
        shifted: { norm: { ...statistics, bias: vector } },
        state: { batch_stats: { norm: statistics } },
      }),
    );
    expect(hints.map(({ name }) => name)).toEqual([
      'plain/BatchNorm_0',
      'plain/bn1',
      'shifted/norm',
      'state/norm',
    ]);
  });

  it('takes names of collections within collections in a moment', () => {
    const name = `${'batch_stats/'.repeat(80_000)}mean`;
    const milliseconds = processorTime();
    const entry = { name: `${name}/x`, shape: [1], dtype: 'float32', bytes: 4 };
    expect(flaxLayers([{ ...entry, content: { kind: 'unreadable', reason: '' } }])).toEqual([]);
    expect(milliseconds()).toBeLessThan(500);
  });

  it('puts an array together that was packed in parts', async () => {
    const catalog = await open(
      encode({
        w: {
          __msgpack_chunked_array__: true,
          shape: { 0: 2, 1: 2 },
          chunks: {
            0: array([3], 'float32', float32(1, 2, 3)),
            1: array([1], 'float32', float32(4)),
          },
        },
      }),
    );
    expect(entryOf(catalog, 'w').shape).toEqual([2, 2]);
    expect([...(await valuesOf(catalog, 'w'))]).toEqual([1, 2, 3, 4]);
  });

  it('reads numbers of every size', async () => {
    const numbers = [
      0,
      127,
      128,
      65535,
      65536,
      2 ** 40,
      -1,
      -32,
      -33,
      -129,
      -32769,
      -(2 ** 40),
      0.5,
    ];
    const catalog = await open(encode(numbers));
    const read = await Promise.all(numbers.map((_, i) => valuesOf(catalog, String(i))));
    expect(read.map(values => values[0])).toEqual(numbers);
    const wide = await open(encode({ a: 2n ** 64n - 1n, b: -(2n ** 63n) }, { useBigInt64: true }));
    expect(wide.entries.map(({ dtype }) => dtype)).toEqual(['uint64', 'int64']);
    expect([...(await valuesOf(wide, 'a'))]).toEqual([2 ** 64]);
    expect([...(await valuesOf(wide, 'b'))]).toEqual([-(2 ** 63)]);
  });

  it('skips the bytes of arrays', async () => {
    const large = array([1 << 20], 'float32', new Float32Array(1 << 20));
    const source = fakeSource('m.msgpack', encode({ a: large, b: large, c: large }));
    expect((await flax.open(source, services, never)).entries).toHaveLength(3);
    expect(source.bytesRead()).toBeLessThan(300_000);
  });

  it('lists arrays of other types or the wrong length with the reason', async () => {
    const { entries } = await open(
      encode({ a: array([1], 'object', float32(1)), b: array([3], 'float32', float32(1)) }),
    );
    expect(entries.map(({ content }) => content)).toMatchObject([
      { reason: 'values of type object are not read' },
      { reason: 'it needs 12 bytes of float32 and has 4' },
    ]);
  });

  it('keeps names apart that are the same path, and odd ones', async () => {
    const { entries } = await open(encode({ 'a/b': 1, a: { b: 2 }, ['__proto__x']: 3 }));
    expect(entries.map(({ name }) => name)).toEqual(['a/b', 'a/b (2)', '__proto__x']);
    const proto = [0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 7];
    expect((await open(new Uint8Array(proto))).entries[0]?.name).toBe('__proto__');
  });

  it('is recognised by its extension, or as a checkpoint of flax.training', () => {
    const head = bytesOf(path.join(fixtureFolder, fixture));
    expect(recognise(head, 'model.msgpack')).toBe(flax);
    expect(recognise(head, 'checkpoint_1000')).toBe(flax);
    expect(recognise(head, 'x')).toBeUndefined();
  });

  it.each([
    ['nothing', []],
    ['a map that is cut short', [0x82, 0xa1, 0x61]],
    ['a map of 2^32 members', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['a list of 2^32 values', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['bytes that go over the end', [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ['an extension that goes over the end', [0xc9, 0xff, 0xff, 0xff, 0xff, 1]],
    ['a byte that msgpack never has', [0xc1]],
    ['bytes after the end', [0xc0, 0xc0]],
    ['lists without end', new Array<number>(100_000).fill(0x91)],
    ['an array that is none', [0xd4, 1, 5]],
    ['a name that is a map', [0x81, 0x80, 0xc0]],
    ['one name twice', [0x82, 1, 1, 1, 1]],
    ['a shape that overflows', [...encode({ w: array([2 ** 30, 2 ** 30], 'float32', float32()) })]],
    ['a negative dimension', [...encode({ w: array([-1], 'float32', float32()) })]],
    ['65 dimensions', [...encode({ w: array(new Array<number>(65).fill(1), 'int8', float32()) })]],
  ])('refuses %s', async (_what, bytes) => {
    expect(await refusalOf(() => open(new Uint8Array(bytes)))).not.toBe('');
  });

  it('survives damage', () => surviveDamage(flax, fixture));
});
