import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../../src/core/batchnorm/findLayers';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { recognise } from '../../../../src/core/formats/registry';
import { torch } from '../../../../src/core/formats/torch';
import { torchIndex } from '../../../../src/core/formats/torchIndex';
import { fakeSource } from './fakeSource';
import { bytesOf, fixtureFolder, never, openFixture, services, valuesOf } from './fixtures';

const shards = new Map([
  ['pytorch_model-00001-of-00002.bin', bytesOf(`${fixtureFolder}/torch/sd_zip.pt`)],
  ['pytorch_model-00002-of-00002.bin', bytesOf(`${fixtureFolder}/torch/sd_legacy.pth`)],
]);

function openIndex(map: Readonly<Record<string, string>>): Promise<TensorCatalog> {
  const bytes = new TextEncoder().encode(JSON.stringify({ metadata: {}, weight_map: map }));
  const source = fakeSource('pytorch_model.bin.index.json', bytes, shards);
  return torchIndex.open(source, services, never);
}

describe('an index of PyTorch', () => {
  it('is known by its name', () => {
    expect(recognise(new Uint8Array(), 'pytorch_model.bin.index.json')).toBe(torchIndex);
    expect(recognise(new Uint8Array(), 'Model.fp16.bin.index.json')).toBe(torchIndex);
  });

  it('is read as one checkpoint, with layers whose tensors are in several files', async () => {
    const whole = await openFixture(torch, 'torch/sd_zip.pt');
    const [first = '', second = ''] = shards.keys();
    const names = whole.entries.map(({ name }) => name);
    const catalog = await openIndex(
      Object.fromEntries(names.map((name, i) => [name, i % 2 === 0 ? first : second])),
    );
    expect(catalog.entries.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(catalog.notes).toEqual([]);
    const found = findLayers(catalog).map(({ name }) => name);
    expect(found.length).toBeGreaterThan(0);
    expect(found.sort()).toEqual(
      findLayers(whole)
        .map(({ name }) => name)
        .sort(),
    );
    for (const name of names) {
      expect([name, ...(await valuesOf(catalog, name))]).toEqual([
        name,
        ...(await valuesOf(whole, name)),
      ]);
    }
  });

  it('reads what is there while the rest downloads', async () => {
    const { entries, notes } = await openIndex({
      'bn1.weight': [...shards.keys()][0] ?? '',
      late: 'pytorch_model-00003-of-00003.bin',
    });
    expect(entries.map(({ name }) => name)).toEqual(['bn1.weight']);
    expect(notes).toEqual([
      expect.stringContaining('"pytorch_model-00003-of-00003.bin" cannot be read'),
      expect.stringContaining('1 tensors that the index names'),
    ]);
  });
});
