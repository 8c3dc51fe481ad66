import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { npz } from '../../../../src/core/formats/npz';
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
import { float32Npy, zipFile, type MadeMember } from './zipFile';

const open = (members: readonly MadeMember[], comment?: string): ReturnType<typeof npz.open> =>
  npz.open(fakeSource('a.npz', zipFile(members, comment)), services, never);

const array = { name: 'x.npy', data: float32Npy([1, 2, 3]) };

describe('npz', () => {
  it.each(['npz/bn_stored.npz', 'npz/bn_deflated.npz'])('reads %s as NumPy does', async name => {
    await expectAsExpected(await openFixture(npz, name), expectedOf(name));
  });

  it('reads ranges of a stored array, and a deflated one whole', async () => {
    const { entries } = await open([array, { ...array, name: 'y.npy', deflate: true }]);
    expect(entries.map(({ content }) => content.kind === 'readable' && content.ranges)).toEqual([
      true,
      false,
    ]);
    for (const { content } of entries) {
      if (content.kind === 'unreadable') throw new Error(content.reason);
      const { data } = await content.read({ signal: never, range: { start: 1, count: 2 } });
      expect([...data]).toEqual([2, 3]);
    }
  });

  it('reads zip64 members, and an archive with a comment', async () => {
    const catalog = await open([{ ...array, zip64: true }], 'a comment'.repeat(2000));
    expect([...(await valuesOf(catalog, 'x'))]).toEqual([1, 2, 3]);
  });

  it('takes any name for a name', async () => {
    const catalog = await open(
      ['__proto__', 'constructor', 'a/b'].map(name => {
        return { ...array, name: `${name}.npy` };
      }),
    );
    expect(catalog.entries.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'a/b']);
    expect([...(await valuesOf(catalog, '__proto__'))]).toEqual([1, 2, 3]);
  });

  it('reads the last of two arrays of one name, as NumPy does', async () => {
    const other = {
      ...array,
      data: array.data.map((byte, i) => (i < array.data.length - 4 ? byte : 0)),
    };
    const catalog = await open([array, other]);
    expect(catalog.entries).toHaveLength(1);
    expect([...(await valuesOf(catalog, 'x'))].at(-1)).toBe(0);
  });

  it('lists the others where a member is damaged, encrypted or no array', async () => {
    const { entries, notes } = await open([
      { name: 'notes.txt', data: Uint8Array.of(1) },
      { name: 'damaged.npy', data: Uint8Array.of(1, 2, 3, 4) },
      { ...array, name: 'secret.npy', flags: 1 },
      { ...array, name: 'odd.npy', method: 93 },
      { ...array, name: 'away.npy', offset: 3 },
      array,
    ]);
    expect(entries.map(({ name }) => name)).toEqual(['x']);
    expect(notes).toEqual([
      'Its member "notes.txt" is not an array.',
      expect.stringContaining('"damaged.npy" cannot be read'),
      expect.stringContaining('it is encrypted'),
      expect.stringContaining('method 93'),
      expect.stringContaining('not where the archive says'),
    ]);
  });

  it('remarks on what is compressed beyond measure', async () => {
    const { notes } = await open([
      { name: 'zeros.npy', data: float32Npy(new Array<number>(1_000_000).fill(0)), deflate: true },
    ]);
    expect(notes).toEqual([expect.stringMatching(/"zeros.npy": It is compressed 10\d\d times/)]);
  });

  it('stops inflating where the array says that it ends', async () => {
    const zeros = float32Npy(new Array<number>(1_000_000).fill(0));
    const catalog = await open([{ name: 'x.npy', data: zeros, deflate: true, size: 1000 }]);
    const { content } = entryOf(catalog, 'x');
    if (content.kind === 'unreadable') throw new Error(content.reason);
    expect(await refusalOf(() => content.read({ signal: never }))).toContain('more than it says');
  });

  it('refuses to inflate more than a gigabyte', async () => {
    const big = { ...array, deflate: true, size: 2 ** 31, zip64: true };
    const { content } = (await open([big])).entries[0]!;
    if (content.kind === 'unreadable') throw new Error(content.reason);
    expect(await refusalOf(() => content.read({ signal: never }))).toContain('is the most');
  });

  it('refuses a deflated array whose checksum is wrong, and reads the others', async () => {
    const deflated = { ...array, deflate: true };
    const catalog = await open([
      { ...deflated, checksum: 1 },
      { ...deflated, name: 'y.npy' },
    ]);
    const [name = '', other = ''] = catalog.entries.map(entry => entry.name);
    expect(await refusalOf(() => valuesOf(catalog, name))).toContain('its checksum is not the one');
    expect(await valuesOf(catalog, other)).not.toHaveLength(0);
  });

  it('finds a long header in a deflated array', async () => {
    const long = float32Npy([5]);
    const text = new TextDecoder('latin1').decode(long.subarray(10, 128));
    // Random names do not deflate, so the header ends well behind the first bytes inflated.
    const noise = Array.from({ length: 2000 }, (_, i) => ((i * 2654435761) >>> 7).toString(36));
    const header = new TextEncoder().encode(text.replace(', }', `, '${noise.join('')}': 0, }`));
    const file = new Uint8Array(10 + header.length + 4);
    file.set(long.subarray(0, 8));
    file.set([header.length & 255, header.length >> 8], 8);
    file.set(header, 10);
    file.set(long.subarray(-4), 10 + header.length);
    const catalog = await open([{ name: 'x.npy', data: file, deflate: true }]);
    expect([...(await valuesOf(catalog, 'x'))]).toEqual([5]);
  });

  it('finds a header in what was flushed often while it was deflated', async () => {
    // Each flush is an empty block of 5 bytes.
    const flushes = Array.from({ length: 100 }, () => [0, 0, 0, 0xff, 0xff]).flat();
    const deflated = Uint8Array.from([...flushes, ...deflateRawSync(array.data)]);
    const catalog = await open([{ ...array, deflated }]);
    expect([...(await valuesOf(catalog, 'x'))]).toEqual([1, 2, 3]);
  });

  it.each([
    ['no end', zipFile([array]).slice(0, -30)],
    ['nothing', new Uint8Array()],
    ['a list of members outside it', withEnd(16, 0xfffffff0)],
    ['a list of 4 GB', withEnd(12, 0xfffffff0)],
    ['a list that is none', withEnd(16, 4)],
  ])('refuses an archive with %s', async (_what, bytes) => {
    const work = (): ReturnType<typeof npz.open> =>
      npz.open(fakeSource('a.npz', bytes), services, never);
    expect(await refusalOf(work)).not.toBe('');
  });

  it('reads little of an archive of many arrays', async () => {
    const members = Array.from({ length: 500 }, (_, i) => {
      const data = float32Npy(new Array<number>(2000).fill(i / 7));
      return { name: `layer${i}.npy`, data, deflate: i % 2 === 1 };
    });
    const source = fakeSource('a.npz', zipFile(members));
    const { entries } = await npz.open(source, services, never);
    expect(entries).toHaveLength(500);
    expect(source.bytesRead()).toBeLessThan(500 * 500);
  });

  it('survives damage', async () => {
    await surviveDamage(npz, 'npz/bn_stored.npz');
    await surviveDamage(npz, 'npz/bn_deflated.npz', 2);
  });
});

/** An archive with four bytes of its end record changed. */
function withEnd(at: number, value: number): Uint8Array {
  const bytes = zipFile([array]);
  new DataView(bytes.buffer).setUint32(bytes.length - 22 + at, value, true);
  return bytes;
}
