import { expect, it } from 'vitest';
import { ok } from '../../../../src/core/problem';
import { BesideFiles, stampTogether } from '../../../../src/host/files/besideFiles';
import type { FileStamp } from '../../../../src/host/files/fileEngine';
import type { FilePlaces } from '../../../../src/host/files/filePlaces';

const uri = 'ftp://host/m/model.json';
const shard = 'ftp://host/m/w.bin';

function virtualPlaces(stamps: Map<string, FileStamp>): FilePlaces {
  return {
    locate: address =>
      Promise.resolve(ok({ kind: 'virtual', uri: address, name: 'model.json', revision: 'r' })),
    stamp: address => Promise.resolve(stamps.get(address)),
    beside: (_, path) => `ftp://host/m/${path}`,
  };
}

it('gives a virtual file another revision when a shard of it changes, comes or goes', async () => {
  const stamps = new Map([[shard, { size: 1, changed: 1 }]]);
  const files = new BesideFiles(virtualPlaces(stamps));
  const revision = async (): Promise<string> => {
    const located = await files.locate(uri);
    if (!located.ok || located.value.kind !== 'virtual') throw new Error('not located');
    return located.value.revision;
  };
  const first = await revision();
  const file = { kind: 'virtual', uri, name: 'model.json', revision: first } as const;
  expect(await files.found(uri, file, { beside: ['w.bin', 'v.bin'] })).toEqual({
    beside: [shard, 'ftp://host/m/v.bin'],
  });
  // It was listed under the first one: what has not changed is not read again.
  expect(await revision()).toBe(first);
  stamps.set(shard, { size: 1, changed: 2 });
  const second = await revision();
  expect(second).not.toBe(first);
  expect(await revision()).toBe(second);
  stamps.set('ftp://host/m/v.bin', { size: 4, changed: 1 });
  expect(await revision()).not.toBe(second);
});

it('stamps a file with its shards together', async () => {
  const stamps = new Map([
    [uri, { size: 10, changed: 5 }],
    [shard, { size: 3, changed: 9 }],
  ]);
  const places = virtualPlaces(stamps);
  expect(await stampTogether(places, uri, [])).toEqual({ size: 10, changed: 5 });
  expect(await stampTogether(places, uri, [shard, 'ftp://host/m/none'])).toEqual({
    size: 13,
    changed: 9,
  });
  stamps.delete(uri);
  expect(await stampTogether(places, uri, [shard])).toBeUndefined();
});
