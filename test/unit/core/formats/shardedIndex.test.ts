import { describe, expect, it } from 'vitest';
import { unreadableEntry } from '../../../../src/core/formats/denseEntry';
import { shardedIndex } from '../../../../src/core/formats/shardedIndex';
import { fakeSource } from './fakeSource';
import { never, services } from './fixtures';

describe('a sharded index', () => {
  it('lists a file of more tensors than a call can have arguments', async () => {
    const names = Array.from({ length: 300_000 }, (_, i) => `t${i}`);
    const entries = names.map(name => unreadableEntry(name, [], 'float32', 4, 'it is made up'));
    const hints = names.map(name => ({ name, notBatchNorm: 'it is made up' }));
    const index = shardedIndex({
      id: 'made-up',
      name: 'Made up',
      extension: '.index.json',
      open: () => Promise.resolve({ format: 'made-up', entries, hints, notes: [] }),
    });
    const map = Object.fromEntries(names.map(name => [name, 'only']));
    const bytes = new TextEncoder().encode(JSON.stringify({ weight_map: map }));
    const siblings = new Map([['only', new Uint8Array()]]);
    const source = fakeSource('a.index.json', bytes, siblings);
    const catalog = await index.open(source, services, never);
    expect(catalog.entries).toHaveLength(names.length);
    expect(catalog.notes).toEqual([]);
  });
});
