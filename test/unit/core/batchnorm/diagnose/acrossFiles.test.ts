import { describe, expect, it } from 'vitest';
import {
  findAcrossFiles,
  type LayerOfFile,
} from '../../../../../src/core/batchnorm/diagnose/acrossFiles';
import { layer, vector } from './knownScenes';

const of = (label: string, change: Parameters<typeof layer>[0]): LayerOfFile => ({
  label,
  layer: layer(change, 'pytorch'),
  counted: true,
});

const ids = (a: LayerOfFile, b: LayerOfFile): string[] => findAcrossFiles(a, b).map(({ id }) => id);

describe('one layer in two checkpoints', () => {
  const first = of('epoch1.pt', { batchesTracked: 100 });
  const moved = { movingMean: vector(1, 2, -3, 6) };

  it('is one that was frozen and moved, told of the later one', () => {
    const found = findAcrossFiles(first, of('epoch2.pt', { ...moved, batchesTracked: 150 }));
    expect(found.map(({ id }) => id)).toEqual(['frozen-moved']);
    expect(found[0]?.channels).toEqual([3]);
    expect(found[0]?.message).toContain('those of epoch1.pt');
    expect(found[0]?.message).toContain('over 50 more batches');
  });

  it('is of two ranks where names say so, or counts agree', () => {
    expect(ids(of('rank0.pt', {}), of('rank1.pt', moved))).toEqual(['ranks-differ']);
    expect(ids(first, of('other.pt', { ...moved, batchesTracked: 100 }))).toEqual(['ranks-differ']);
  });

  it('is nothing to tell where it is the same, was trained, or has other channels', () => {
    expect(ids(first, of('epoch2.pt', { batchesTracked: 100 }))).toEqual([]);
    const trained = { ...moved, gamma: vector(2, 2, 2, 2), batchesTracked: 150 };
    expect(ids(first, of('epoch2.pt', trained))).toEqual([]);
    const short = {
      gamma: vector(1),
      beta: vector(0),
      movingMean: vector(9),
      movingVariance: vector(1),
    };
    expect(ids(first, of('epoch2.pt', { ...short, batchesTracked: 150 }))).toEqual([]);
  });
});
