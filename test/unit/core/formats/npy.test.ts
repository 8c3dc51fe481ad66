import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { npy } from '../../../../src/core/formats/npy';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  entryOf,
  expectAsExpected,
  expectedOf,
  fixtureFolder,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';
import { processorTime } from './processorTime';

const unread = ['np_obj.npy', 'np_dt.npy', 'np_str.npy', 'np_struct.npy', 'np_v3.npy'];
const arrays = readdirSync(path.join(fixtureFolder, 'npy')).filter(name => !unread.includes(name));

/** A file with this header, padded as numpy does, and data. */
function npyFile(header: string, data: Uint8Array | number = 0, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const lengths = version === 1 ? [text.length & 255, text.length >> 8] : [text.length, 0, 0, 0];
  const start = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...lengths];
  return new Uint8Array([
    ...start,
    ...text,
    ...(typeof data === 'number' ? new Uint8Array(data) : data),
  ]);
}

const dict = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

const open = (bytes: Uint8Array): ReturnType<typeof npy.open> =>
  npy.open(fakeSource('a.npy', bytes), services, never);

describe('npy', () => {
  it.each(arrays)('reads %s as NumPy does', async name => {
    await expectAsExpected(await openFixture(npy, `npy/${name}`), expectedOf(`npy/${name}`));
  });

  it.each([
    ['np_obj', 'it holds pickled Python objects, which are never loaded'],
    ['np_dt', 'it holds dates'],
    ['np_str', 'it holds text'],
    ['np_struct', 'it holds records of named fields: save each field by itself'],
    ['np_v3', 'it holds records of named fields: save each field by itself'],
  ])('lists %s.npy with a reason', async (name, reason) => {
    const { entries } = await openFixture(npy, `npy/${name}.npy`);
    expect(entries.map(({ content }) => content)).toEqual([{ kind: 'unreadable', reason }]);
  });

  it('says that it takes elements of two bytes for bfloat16', async () => {
    const { notes } = await openFixture(npy, 'npy/np_bf16.npy');
    expect(notes).toEqual([expect.stringContaining('read as bfloat16')]);
  });

  it('says that something follows the array', async () => {
    const { notes } = await openFixture(npy, 'npy/two_in_one.npy');
    expect(notes).toEqual([expect.stringContaining('bytes follow the array')]);
  });

  it('reads a range of row-major elements, whatever the order they are stored in', async () => {
    // [[1, 2, 3], [4, 5, 6]], column by column.
    const data = new Uint8Array(new Float32Array([1, 4, 2, 5, 3, 6]).buffer);
    const { entries } = await open(npyFile(dict("'<f4'", '(2, 3)', 'True'), data));
    const { content } = entries[0]!;
    if (content.kind === 'unreadable') throw new Error(content.reason);
    const { data: values } = await content.read({ signal: never, range: { start: 1, count: 4 } });
    expect([...values]).toEqual([2, 3, 4, 5]);
  });

  it('counts integers that float64 does not hold', async () => {
    const data = new Uint8Array(new BigInt64Array([1n, 2n ** 53n + 1n, -(2n ** 62n)]).buffer);
    const { content } = (await open(npyFile(dict("'<i8'", '(3,)'), data))).entries[0]!;
    if (content.kind === 'unreadable') throw new Error(content.reason);
    expect(await content.read({ signal: never })).toEqual({
      data: Float64Array.of(1, 2 ** 53, -(2 ** 62)),
      inexact: 1,
    });
  });

  it('reads headers that Python 2 wrote', async () => {
    const catalog = await open(npyFile(dict("'|u1'", '(2L, 1L)'), Uint8Array.of(7, 9)));
    expect(entryOf(catalog, 'input').shape).toEqual([2, 1]);
    expect([...(await valuesOf(catalog, 'input'))]).toEqual([7, 9]);
  });

  it.each([
    ['no magic', Uint8Array.of(1, 2, 3)],
    ['nothing', new Uint8Array()],
    ['a version that nobody has defined', npyFile(dict("'<f4'", '(1,)'), 4, 9)],
    ['a header longer than the file', npyFile('x'.repeat(99)).slice(0, 40)],
    ['a header of 4 GB', Uint8Array.of(0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255, 0, 0)],
    ['code for a header', npyFile("__import__('os').system('true')")],
    ['a shape that is computed', npyFile(dict("'<f4'", '(2**40,)'), 8)],
    ['data that is cut short', npyFile(dict("'<f4'", '(3,)'), 8)],
    ['a shape that overflows', npyFile(dict("'<f4'", '(4294967296, 4294967296, 0)'))],
    ['33 dimensions', npyFile(dict("'<f4'", `(${'1,'.repeat(33)})`), 4)],
    ['a thousand digits', npyFile(dict("'<f4'", `(${'9'.repeat(1000)},)`), 4)],
    ['nested tuples', npyFile(dict("'<f4'", `${'('.repeat(6000)}1${')'.repeat(6000)}`), 4)],
  ])('refuses %s', async (_what, bytes) => {
    expect(await refusalOf(() => open(bytes))).not.toBe('');
  });

  it('does not take long over a header made to', async () => {
    const header = `{${"'descr': [".repeat(5000)}`;
    const milliseconds = processorTime();
    expect(await refusalOf(() => open(npyFile(header)))).toContain('header');
    expect(milliseconds()).toBeLessThan(500);
  });

  it('reads no more than it lists', async () => {
    const bytes = npyFile(dict("'<f8'", '(100000,)'), 800_000);
    const source = fakeSource('a.npy', bytes);
    await npy.open(source, services, never);
    expect(source.bytesRead()).toBeLessThan(200);
  });

  it('survives damage', () => surviveDamage(npy, 'npy/np_fortran.npy'));

  it('has an expectation for every array', () => {
    expect(arrays.length).toBeGreaterThan(20);
    expect(bytesOf(path.join(fixtureFolder, 'npy/np_scalar.npy')).length).toBe(132);
  });
});
