import { expect, it } from 'vitest';
import { FileWatches, type WatchFolder } from '../../../../src/host/files/fileWatches';

function watching(): {
  readonly live: Map<string, { names: string[]; tell: (name: string) => void }>;
  readonly told: string[];
  readonly watches: FileWatches;
  /** Watchers made so far. */
  readonly made: () => number;
} {
  const live = new Map<string, { names: string[]; tell: (name: string) => void }>();
  const told: string[] = [];
  let made = 0;
  const watchFolder: WatchFolder = (folder, names, tell) => {
    made++;
    live.set(folder, { names: [...names], tell });
    return { dispose: () => void live.delete(folder) };
  };
  const watches = new FileWatches(watchFolder, uri => told.push(uri));
  return { live, told, watches, made: () => made };
}

it('watches a folder once, however many of its files are followed', () => {
  const { live, told, watches, made } = watching();
  const shards = Array.from({ length: 300 }, (_, i) => `file:///m/shard-${i}.safetensors`);
  watches.follow(['file:///m/x.index.json', ...shards]);
  expect(made()).toBe(1);
  expect(live.get('file:///m')?.names).toHaveLength(301);
  live.get('file:///m')?.tell('shard-7.safetensors');
  expect(told).toEqual(['file:///m/shard-7.safetensors']);
});

it('lets go of what is followed no more, and keeps what still is', () => {
  const { live, watches, made } = watching();
  watches.follow(['file:///a/x.pt', 'file:///b/y.npy', 'untitled:Untitled-1']);
  watches.follow(['file:///a/x.pt', 'file:///c/z.npy']);
  expect([...live.keys()].sort()).toEqual(['file:///a', 'file:///c']);
  expect(made()).toBe(3);
  watches.dispose();
  expect(live.size).toBe(0);
});
