import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { hdf5 } from '../../../../src/core/formats/hdf5';
import { recognise } from '../../../../src/core/formats/registry';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  entryOf,
  expectAsExpected,
  expectedOf,
  fileSource,
  fixtureFolder,
  hasSamples,
  never,
  openFixture,
  refusalOf,
  samples,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';
import { processorTime } from './processorTime';

const reasonOf = (catalog: TensorCatalog, name: string): string => {
  const { content } = entryOf(catalog, name);
  return content.kind === 'unreadable' ? content.reason : 'readable';
};

describe('hdf5', () => {
  it.each([
    'hdf5/dtypes.h5',
    'keras/k3.h5',
    'keras/k3.weights.h5',
    'keras/kbf.weights.h5',
    'keras/nested.h5',
    'keras/nested.weights.h5',
  ])('reads %s as h5py does', async name => {
    const catalog = await openFixture(hdf5, name);
    await expectAsExpected(catalog, expectedOf(name));
    catalog.close?.();
  });

  it('is recognised by its signature, after a block of the user too', () => {
    const head = bytesOf(path.join(fixtureFolder, 'keras/k3.h5')).subarray(0, 4096);
    expect(recognise(head, 'weights')).toBe(hdf5);
    expect(
      recognise(new Uint8Array([...new Uint8Array(512), ...head.subarray(0, 8)]), 'v73.mat'),
    ).toBe(hdf5);
  });

  it('reads ranges, of any start and length', async () => {
    const catalog = await openFixture(hdf5, 'keras/k3.weights.h5');
    const name = 'layers/conv2d/vars/0';
    const all = await valuesOf(catalog, name);
    const { content } = entryOf(catalog, name);
    if (content.kind === 'unreadable') throw new Error(content.reason);
    for (const [start, count] of [
      [0, 0],
      [0, 1],
      [5, 19],
      [7, 200],
      [71, 73],
      [215, 1],
    ] as const) {
      const { data } = await content.read({ signal: never, range: { start, count } });
      expect([start, [...data]]).toEqual([start, [...all.subarray(start, start + count)]]);
    }
  });

  it('lists the latest version of the format, which old libraries cannot read', async () => {
    const catalog = await openFixture(hdf5, 'hdf5/latest.h5');
    expect(catalog.entries.length).toBeGreaterThan(5);
    for (const { name, content } of catalog.entries) {
      if (content.kind === 'readable') await valuesOf(catalog, name);
    }
  });

  it('reads more than one file at once, and frees them', async () => {
    const [a, b] = await Promise.all([
      openFixture(hdf5, 'keras/k3.h5'),
      openFixture(hdf5, 'keras/k3.h5'),
    ]);
    const name = 'model_weights/bn_conv1/bn_conv1/gamma';
    a.close?.();
    expect([...(await valuesOf(b, name))]).toHaveLength(8);
    await expect(valuesOf(a, name)).rejects.toThrow(/HDF5 cannot read it/);
    b.close?.();
  });

  it('stops between two parts of a large tensor when it is cancelled', async () => {
    const catalog = await openFixture(hdf5, 'hdf5/hostile.h5');
    const { content } = entryOf(catalog, 'never_written');
    if (content.kind === 'unreadable') throw new Error(content.reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const range = { start: 0, count: 1 << 27 };
    await expect(content.read({ signal: controller.signal, range })).rejects.toThrow('Cancelled');
    catalog.close?.();
  });
});

describe('hdf5, hostile files', () => {
  it('shows no other file, and lists what it cannot read with the reason', async () => {
    const catalog = await openFixture(hdf5, 'hdf5/hostile.h5');
    expect([...(await valuesOf(catalog, 'honest'))]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...(await valuesOf(catalog, '__proto__'))]).toEqual([1, 2]);
    expect(catalog.notes.map(note => note.split(' ')[0]).sort()).toEqual([
      'external_link',
      'external_neighbour',
      'soft_loop',
      'soft_through_external',
      'soft_to_honest',
    ]);
    expect(catalog.notes.join()).toMatch(/another file \(\/etc\/passwd/);
    expect(reasonOf(catalog, 'virtual')).toMatch(/other datasets/);
    expect(reasonOf(catalog, 'unknown_filter')).toMatch(/lzf/);
    expect(reasonOf(catalog, 'huge')).toMatch(/impossible/);
    const names = catalog.entries.map(({ name }) => name);
    expect(names.filter(name => name.includes('link') || name.includes('soft'))).toEqual([]);
    for (const name of ['external_storage', 'external_device']) {
      expect(await refusalOf(() => valuesOf(catalog, name))).toMatch(/HDF5 cannot read it/);
    }
    expect(await refusalOf(() => valuesOf(catalog, 'never_written'))).toMatch(/can be loaded/);
    catalog.close?.();
  });

  it('reads a bomb of one chunk as what it is', async () => {
    const catalog = await openFixture(hdf5, 'hdf5/hostile.h5');
    const { content } = entryOf(catalog, 'bomb');
    if (content.kind === 'unreadable') throw new Error(content.reason);
    const range = { start: (1 << 26) - 3, count: 3 };
    expect([...(await content.read({ signal: never, range })).data]).toEqual([0, 0, 0]);
    catalog.close?.();
  });

  it('ends, where groups are their own members', async () => {
    expect(await refusalOf(() => openFixture(hdf5, 'hdf5/cycle.h5'))).toMatch(/nested|objects/);
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    [
      'a signature and nothing else',
      new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]),
    ],
    ['something else', new Uint8Array(4096).fill(7)],
  ])('refuses %s', async (_what, bytes) => {
    await refusalOf(() => hdf5.open(fakeSource('m.h5', bytes), services, never));
  });

  it('says so when bytes end or fail while it reads', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, 'keras/k3.h5'));
    const source = fakeSource('k3.h5', bytes);
    let broken = false;
    const failing = {
      ...source,
      readIntoSync: (target: Uint8Array, offset: number): void => {
        if (broken) throw new Error('gone');
        source.readIntoSync?.(target, offset);
      },
    };
    const catalog = await hdf5.open(failing, services, never);
    broken = true;
    const last = catalog.entries.at(-1)!.name;
    expect(await refusalOf(() => valuesOf(catalog, last))).toMatch(/HDF5 cannot read it/);
    catalog.close?.();
  });

  it.each([
    ['a free space of no size', (heap: Uint8Array) => heap.fill(0, 16, 32)],
    [
      'an object whose size overflows',
      (heap: Uint8Array) => heap.fill(0xff, 24, 32).set([0xf0], 24),
    ],
  ])(
    'ends, where its global heap has %s, which the library would walk for ever',
    async (_what, damage) => {
      const bytes = bytesOf(path.join(fixtureFolder, 'keras/nested.h5'));
      damage(bytes.subarray(Buffer.from(bytes).indexOf('GCOL')));
      const milliseconds = processorTime();
      const refusal = refusalOf(() => hdf5.open(fakeSource('m.h5', bytes), services, never));
      expect(await refusal).toMatch(/HDF5 cannot read it/);
      expect(milliseconds()).toBeLessThan(2000);
    },
  );

  it.each(['keras/k3.weights.h5', 'hdf5/dtypes.h5', 'hdf5/latest.h5'])(
    'survives damage to %s',
    name => surviveDamage(hdf5, name),
  );
});

describe.runIf(hasSamples)('hdf5, foreign files', () => {
  it.each([
    ['vww_96.h5', 27],
    ['str_ww_ref_model.h5', 4],
  ])('finds the layers of %s', async (name, layers) => {
    const file = path.join(samples, 'mlperf-tiny', name);
    const { hints, close } = await hdf5.open(fileSource(file), services, never);
    expect(hints).toHaveLength(layers);
    for (const hint of hints) {
      expect(hint).toMatchObject({ convention: 'keras2', epsilon: 0.001, channelAxis: 3 });
    }
    close?.();
  });
});
