import { describe, expect, it } from 'vitest';
import { safetensors } from '../../../../src/core/formats/safetensors';
import { safetensorsIndex } from '../../../../src/core/formats/safetensorsIndex';
import { fakeSource } from './fakeSource';
import {
  entryOf,
  expectAsExpected,
  expectedOf,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';
import { processorTime } from './processorTime';

/** @param length what the file says the header's length is */
function file(header: string, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  for (let i = 0; i < data; i++) bytes[8 + text.length + i] = i;
  return bytes;
}

const tensor = (offsets: string, shape = '[2]', dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${offsets}]}`;

const open = (bytes: Uint8Array): ReturnType<typeof safetensors.open> =>
  safetensors.open(fakeSource('a.safetensors', bytes), services, never);

describe('safetensors', () => {
  it.each(['dtypes', 'model'])('reads %s.safetensors as NumPy does', async name => {
    const path = `safetensors/${name}.safetensors`;
    await expectAsExpected(await openFixture(safetensors, path), expectedOf(path));
  });

  it('reads tensors at odd offsets', async () => {
    const catalog = await open(file(`{"a":${tensor('0,1', '[1]', 'U8')},"b":${tensor('1,9')}}`, 9));
    const bits = new Uint32Array((await valuesOf(catalog, 'b')).slice().buffer);
    expect([...bits]).toEqual([0x04030201, 0x08070605]);
  });

  it('takes any name for a name', async () => {
    const catalog = await open(
      file(`{"__proto__":${tensor('0,8')},"toString":${tensor('8,16')}}`, 16),
    );
    expect(catalog.entries.map(({ name }) => name)).toEqual(['__proto__', 'toString']);
    expect(await valuesOf(catalog, '__proto__')).toHaveLength(2);
  });

  it('lists what it cannot read, with the reason', async () => {
    const catalog = await open(file(`{"a":${tensor('0,4', '[8]', 'F4')}}`, 4));
    expect(entryOf(catalog, 'a')).toMatchObject({
      dtype: 'float4_e2m1fn',
      bytes: 4,
      content: { kind: 'unreadable', reason: expect.stringContaining('float4_e2m1fn') as string },
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a header of 2^60 bytes', file('{}', 0, 2n ** 60n)],
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n)],
    ['a header of 99 MB in 16 bytes', file('{}      ', 0, 99_000_000n)],
    ['a header that is no JSON', file('{"a":')],
    ['a header that is a list', file('[]')],
    ['a header that is not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff)],
    ['a tensor without a shape', file('{"a":{"dtype":"F32","data_offsets":[0,0]}}')],
    ['a tensor that is a number', file('{"a":7}')],
    ['a negative dimension', file(`{"a":${tensor('0,8', '[-2]')}}`, 8)],
    ['a fractional dimension', file(`{"a":${tensor('0,8', '[1.5]')}}`, 8)],
    ['a shape that overflows', file(`{"a":${tensor('0,0', '[4294967296,4294967296,0]')}}`)],
    ['negative offsets', file(`{"a":${tensor('-8,0')}}`, 8)],
    ['offsets that go backwards', file(`{"a":${tensor('8,0')}}`, 8)],
    ['offsets outside the file', file(`{"a":${tensor('0,8')}}`, 7)],
    ['a tensor of another size than its shape', file(`{"a":${tensor('0,12')}}`, 12)],
    ['tensors that share bytes', file(`{"a":${tensor('0,8')},"b":${tensor('4,12')}}`, 12)],
  ])('refuses %s', async (_what, bytes) => {
    expect(await refusalOf(() => open(bytes))).not.toBe('');
  });

  it('refuses JSON nested five million deep at once', async () => {
    const milliseconds = processorTime();
    expect(await refusalOf(() => open(file('['.repeat(5_000_000))))).toContain('nested');
    expect(milliseconds()).toBeLessThan(1000);
  });

  it('reads no more than the header and the tensor', async () => {
    const source = fakeSource('a.safetensors', file(`{"a":${tensor('0,8')}}`, 100_008));
    const catalog = await safetensors.open(source, services, never);
    expect(source.bytesRead()).toBeLessThan(100);
    await valuesOf(catalog, 'a');
    expect(source.bytesRead()).toBeLessThan(110);
  });

  it('survives damage', () => surviveDamage(safetensors, 'safetensors/dtypes.safetensors'));
});

describe('safetensors index', () => {
  const shards = new Map([
    ['one.safetensors', file(`{"a":${tensor('0,8')},"x":${tensor('8,16')}}`, 16)],
    ['two.safetensors', file(`{"b":${tensor('0,8')},"a":${tensor('8,16')}}`, 16)],
  ]);

  const openIndex = (map: string): ReturnType<typeof safetensorsIndex.open> => {
    const bytes = new TextEncoder().encode(`{"metadata":{},"weight_map":${map}}`);
    const source = fakeSource('m.safetensors.index.json', bytes, shards);
    return safetensorsIndex.open(source, services, never);
  };

  it('reads each tensor from the file that the index names', async () => {
    const catalog = await openIndex('{"a":"one.safetensors","b":"two.safetensors"}');
    expect(catalog.entries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await valuesOf(catalog, 'b')).toHaveLength(2);
    expect(catalog.notes).toEqual([]);
  });

  it('reads the files that are there, and says what is missing', async () => {
    const { entries, notes } = await openIndex('{"a":"one.safetensors","b":"gone.safetensors"}');
    expect(entries.map(({ name }) => name)).toEqual(['a']);
    expect(notes).toEqual([
      expect.stringContaining('"gone.safetensors" cannot be read'),
      expect.stringContaining('1 tensors that the index names'),
    ]);
  });

  it.each(['../secret', '/etc/passwd', 'a/../../secret', 'file:///etc/passwd'])(
    'refuses a shard at %s',
    async place => {
      const message = await refusalOf(() => openIndex(JSON.stringify({ a: place })));
      expect(message).toContain('not in its own folder');
    },
  );

  it.each(['[]', '7', '{"a":7}', '{"a":null}'])('refuses the map %s', async map => {
    expect(await refusalOf(() => openIndex(map))).not.toBe('');
  });
});
