import { describe, expect, it } from 'vitest';
import type { LayerParameters } from '../../../../src/core/batchnorm/layer';
import { pairLayers, type PairableLayer } from '../../../../src/core/batchnorm/pairLayers';
import type { SomeParameters } from '../../../../src/core/batchnorm/pairing/sharedNumbers';

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

  it('goes before places, also where those agree', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 4, 2)];
    expect(paired(a, [layer('x', 4, 1), layer('y', 4, 2)])).toEqual(['bn1 value x', 'bn2 value y']);
  });

  it('pairs what has moved to another place', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 8, 2), layer('bn3', 16, 3)];
    const b = [layer('z', 16, 3), layer('x', 4, 1), layer('y', 8, 2)];
    expect(paired(a, b)).toEqual(['bn1 value x', 'bn2 value y', 'bn3 value z']);
  });
});

/** Six layers of 16 channels that have been trained, and the same in another order and under other names. */
function ported(change: (parameters: LayerParameters) => SomeParameters): {
  a: PairableLayer[];
  b: PairableLayer[];
} {
  const value = (seed: number): number => (Math.sin(seed) * 1e4) % 1;
  const trained = Array.from({ length: 6 }, (_, i): LayerParameters => {
    const fill = (role: number, of: (x: number) => number): Float64Array =>
      Float64Array.from({ length: 16 }, (__, c) => of(value(1000 * i + 100 * role + c + 1)));
    return {
      gamma: fill(0, x => 1 + x / 4),
      beta: fill(1, x => x),
      movingMean: fill(2, x => 3 * x),
      movingVariance: fill(3, x => 0.1 + x * x),
    };
  });
  const a = trained.map((parameters, i) => ({ name: `bn${i}`, channels: 16, parameters }));
  const order = [3, 0, 5, 1, 4, 2];
  const b = order.map(i => ({
    name: `other_${i}`,
    channels: 16,
    parameters: change(trained[i] as LayerParameters),
  }));
  return { a, b };
}

const statistics = ({ movingMean, movingVariance }: LayerParameters): SomeParameters => ({
  movingMean,
  movingVariance,
});

describe('by value, whatever porting did to it', () => {
  const changes: Record<string, (of: LayerParameters) => SomeParameters> = {
    float16: of => ({ ...of, movingMean: of.movingMean.map(x => Math.round(x * 2048) / 2048) }),
    'moving statistics swapped': of => ({
      ...of,
      movingMean: of.movingVariance,
      movingVariance: of.movingMean,
    }),
    'moving statistics swapped, without gamma and beta': of => ({
      movingMean: of.movingVariance,
      movingVariance: of.movingMean,
    }),
    'Bessel’s correction': of => ({
      ...statistics(of),
      movingVariance: of.movingVariance.map(x => (x * 32) / 31),
    }),
    'standard deviations': of => ({
      ...statistics(of),
      movingVariance: of.movingVariance.map(Math.sqrt),
    }),
    'sums that were not divided': of => ({
      movingMean: of.movingMean.map(x => x * 999.98),
      movingVariance: of.movingVariance.map(x => x * 999.98),
    }),
    'trained on, with gamma and beta frozen': of => ({
      ...of,
      movingMean: of.movingMean.map((x, c) => x + c),
      movingVariance: of.movingVariance.map((x, c) => x + c * c),
    }),
    'no gamma': ({ beta, ...of }) => ({ beta, ...statistics({ beta, ...of }) }),
  };
  it.each(Object.entries(changes))('%s', (_, change) => {
    const { a, b } = ported(change);
    expect(paired(a, b)).toEqual(a.map(({ name }, i) => `${name} value other_${i}`));
    expect(pairLayers(a, b).pairs.every(({ doubt }) => doubt === undefined)).toBe(true);
  });

  it('not where two hold the same numbers', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 8, 2)];
    const b = [layer('x', 4, 1), layer('copy', 4, 1), layer('y', 8, 2)];
    expect(paired(a, b)).toEqual(['bn1 structure x', 'bn2 value y', 'B copy']);
  });

  it('not where the numbers are those of any new layer', () => {
    const fresh = (name: string): PairableLayer => ({
      name,
      channels: 4,
      parameters: { gamma: new Float64Array(4).fill(1), movingMean: new Float64Array(4) },
    });
    const { pairs } = pairLayers([fresh('p'), fresh('q')], [fresh('x'), fresh('y')]);
    expect(pairs).toEqual([
      expect.objectContaining({ a: 0, b: 0, pairedBy: 'structure' }),
      expect.objectContaining({ a: 1, b: 1, pairedBy: 'structure' }),
    ]);
    expect(pairs[0]?.doubt).toBe(
      'Their order alone pairs them: of 4 channels A has 2 and B has 2 such layers, and their numbers do not tell.',
    );
  });
});

describe('by names of another framework', () => {
  it('that differ in spelling alone', () => {
    const a = [layer('layer1.0.bn1', 4, 1), layer('layer1.0.bn2', 4, 2), layer('conv1_bn', 4, 3)];
    const b = [
      layer('bn_conv1', 4, 4),
      layer('Layer1/Block0/BatchNorm2', 4, 5),
      layer('layer1_block0_bn1', 4, 6),
    ];
    expect(paired(a, b)).toEqual([
      'layer1.0.bn1 name layer1_block0_bn1',
      'layer1.0.bn2 name Layer1/Block0/BatchNorm2',
      'conv1_bn name bn_conv1',
    ]);
  });

  it('in the order of their numbers where the file has them in that of an alphabet', () => {
    const counted = (i: number): string => `batch_normalization${i === 0 ? '' : `_${i}`}`;
    const names = Array.from({ length: 12 }, (_, i) => counted(i)).sort();
    const b = names.map(name => layer(name, 4));
    const a = Array.from({ length: 12 }, (_, i) => layer(`features.${3 * i + 1}`, 4));
    expect(paired(a, b)).toEqual(a.map(({ name }, i) => `${name} structure ${counted(i)}`));
  });

  it('that Keras counted from elsewhere are no names', () => {
    const a = [0, 1, 2].map(i => layer(`batch_normalization_${i + 1}`, 4, i));
    const b = [0, 1, 2].map(i => layer(`batch_normalization_${i + 2}`, 4, i));
    expect(paired(a, b)).toEqual([
      'batch_normalization_1 value batch_normalization_2',
      'batch_normalization_2 value batch_normalization_3',
      'batch_normalization_3 value batch_normalization_4',
    ]);
    const trainedOn = a.map(({ name }, i) => layer(name, 4, i + 10));
    expect(paired(a, trainedOn)).toEqual(a.map(({ name }) => `${name} name ${name}`));
  });
});

describe('what is not sure', () => {
  const doubts = (a: readonly PairableLayer[], b: readonly PairableLayer[]): unknown[] =>
    pairLayers(a, b).pairs.map(({ doubt }) => doubt);

  it('a place that only one layer of as many channels can have is', () => {
    expect(doubts([layer('p', 4), layer('q', 8)], [layer('x', 4), layer('y', 8)])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('unless its numbers are others altogether', () => {
    expect(doubts([layer('p', 4, 1)], [layer('x', 4, 2)])).toEqual([
      'They are the only two of 4 channels, but no number of the two is the same.',
    ]);
  });

  it('places among several', () => {
    const found = doubts([layer('p', 4, 1), layer('q', 4, 2)], [layer('x', 4, 3)]);
    expect(found).toEqual([
      'Their order alone pairs them: of 4 channels A has 2 and B has 1 such layers, and no number of the two is the same.',
    ]);
  });

  it('a name whose numbers are in another layer', () => {
    const a = [layer('bn1', 4, 1), layer('bn2', 4, 2)];
    const b = [layer('bn1', 4, 2), layer('bn2', 4, 1)];
    expect(pairLayers(a, b).pairs).toEqual([
      { a: 0, b: 0, pairedBy: 'name', numbersIn: 1, doubt: 'The numbers of bn1 are in bn2 of B.' },
      { a: 1, b: 1, pairedBy: 'name', numbersIn: 0, doubt: 'The numbers of bn2 are in bn1 of B.' },
    ]);
  });
});

describe('by structure, between what is sure', () => {
  it('fills the gaps, though a longer match would cross them', () => {
    const a = [layer('p', 4), layer('q', 8, 1), layer('r', 4), layer('s', 4)];
    const b = [layer('w', 4), layer('x', 4), layer('y', 8, 1), layer('z', 4)];
    expect(paired(a, b)).toEqual(['p structure w', 'q value y', 'r structure z', 'A s', 'B x']);
  });
});

it('two hundred layers of two files in no time', () => {
  const layers = (named: string): PairableLayer[] =>
    Array.from({ length: 200 }, (_, i) => layer(`${named}${i}`, 512, i + 1));
  const start = performance.now();
  const { pairs } = pairLayers(layers('a'), layers('b').reverse());
  expect(pairs.every(({ a, b }) => a + b === 199)).toBe(true);
  expect(performance.now() - start).toBeLessThan(1000);
});

it('layers of nothing have no pairs', () => {
  expect(paired([], [])).toEqual([]);
  expect(paired([layer('bn1', 4)], [])).toEqual(['A bn1']);
  expect(paired([layer('bn1', 4)], [layer('x', 8)])).toEqual(['A bn1', 'B x']);
});
