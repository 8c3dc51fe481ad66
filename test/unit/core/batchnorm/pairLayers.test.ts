import { describe, expect, it } from 'vitest';
import { pairLayers, type PairableLayer } from '../../../../src/core/batchnorm/pairLayers';

/** A layer whose numbers nobody else's are, unless the seed is the same. */
function layer(name: string, channels: number, seed?: number): PairableLayer {
  const fresh = seed === undefined;
  const movingMean = Float64Array.from({ length: channels }, (_, c) =>
    fresh ? 0 : Math.sin(seed * 7 + c),
  );
  return { name, channels, parameters: { movingMean } };
}

function paired(a: readonly PairableLayer[], b: readonly PairableLayer[]): string[] {
  const { pairs, onlyA, onlyB } = pairLayers(a, b);
  return [
    ...pairs.map(pair => `${a[pair.a]?.name} ${pair.pairedBy} ${b[pair.b]?.name}`),
    ...onlyA.map(index => `A ${a[index]?.name}`),
    ...onlyB.map(index => `B ${b[index]?.name}`),
  ];
}

describe('by name', () => {
  it('whatever their order and channels', () => {
    const a = [layer('bn1', 4), layer('bn2', 8)];
    expect(paired(a, [layer('bn2', 8), layer('bn1', 5)])).toEqual(['bn1 name bn1', 'bn2 name bn2']);
  });

  it('without what wraps a model', () => {
    const b = [layer('module.bn2', 8), layer('_orig_mod.module.bn1', 4)];
    expect(paired([layer('bn1', 4), layer('bn2', 8)], b)).toEqual([
      'bn1 name _orig_mod.module.bn1',
      'bn2 name module.bn2',
    ]);
  });
});

describe('by structure', () => {
  it('the layers of one order of channel counts, though all are new', () => {
    const a = [layer('bn1', 4), layer('bn2', 8), layer('bn3', 8)];
    const b = [layer('x', 4), layer('y', 8), layer('z', 8)];
    expect(paired(a, b)).toEqual(['bn1 structure x', 'bn2 structure y', 'bn3 structure z']);
  });

  it('passes over a layer that one of them does not have', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 8, 2), layer('bn3', 16, 3)];
    expect(paired(a, [layer('x', 4, 11), layer('z', 16, 13)])).toEqual([
      'bn1 structure x',
      'bn3 structure z',
      'A bn2',
    ]);
    expect(paired([layer('x', 4, 11), layer('z', 16, 13)], a)).toEqual([
      'x structure bn1',
      'z structure bn3',
      'B bn2',
    ]);
  });
});

describe('by value', () => {
  it('where the numbers are those of another layer of as many channels', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 4, 2), layer('bn3', 4, 3)];
    const b = [layer('x', 4, 2), layer('y', 4, 1), layer('z', 4, 9)];
    expect(paired(a, b)).toEqual(['bn1 value y', 'bn2 value x', 'bn3 structure z']);
  });

  it('is not asked where places and numbers agree', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 4, 2)];
    expect(paired(a, [layer('x', 4, 1), layer('y', 4, 2)])).toEqual([
      'bn1 structure x',
      'bn2 structure y',
    ]);
  });

  it('pairs what has moved to another place', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 8, 2), layer('bn3', 16, 3)];
    const b = [layer('z', 16, 3), layer('x', 4, 1), layer('y', 8, 2)];
    expect(paired(a, b)).toEqual(['bn1 value x', 'bn2 value y', 'bn3 value z']);
  });
});

it('layers of nothing have no pairs', () => {
  expect(paired([], [])).toEqual([]);
  expect(paired([layer('bn1', 4)], [])).toEqual(['A bn1']);
  expect(paired([layer('bn1', 4)], [layer('x', 8)])).toEqual(['A bn1', 'B x']);
});
