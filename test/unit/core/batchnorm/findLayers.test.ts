import { describe, expect, it } from 'vitest';
import { findLayers, type FoundLayer } from '../../../../src/core/batchnorm/findLayers';
import { processorTime } from '../formats/processorTime';
import type { LayerHint, TensorEntry } from '../../../../src/core/formats/catalog';

function entry(name: string, shape: readonly number[]): TensorEntry {
  const content = { kind: 'unreadable', reason: 'it is a test' } as const;
  return { name, shape, dtype: 'float32', bytes: 4, content };
}

/** Vectors of four, but for what is given with a shape. */
function find(
  names: readonly (string | readonly [string, readonly number[]])[],
  hints: readonly LayerHint[] = [],
  format = 'npz',
): FoundLayer[] {
  const entries = names.map(one => (typeof one === 'string' ? entry(one, [4]) : entry(...one)));
  return findLayers({ format, entries, hints });
}

const torch = (path: string): string[] =>
  ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].map(
    word => `${path}${word}`,
  );

describe('layers by their names', () => {
  it.each<[string, string[], string, string | undefined]>([
    ['PyTorch', torch('module.bn1.'), 'module.bn1', 'pytorch'],
    ['a PyTorch layer alone', torch(''), '', 'pytorch'],
    [
      'Keras',
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(word => `a/bn/${word}`),
      'a/bn',
      undefined,
    ],
    [
      'Keras 2',
      ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(word => `bn/bn/${word}:0`),
      'bn/bn',
      undefined,
    ],
    [
      'Flax linen',
      ['params/a/BN/scale', 'params/a/BN/bias', 'batch_stats/a/BN/mean', 'batch_stats/a/BN/var'],
      'a/BN',
      'flax',
    ],
    ['Flax nnx', ['bn.scale', 'bn.bias', 'bn.mean', 'bn.var'], 'bn', undefined],
    [
      'Haiku',
      ['net/bn/scale', 'net/bn/offset', 'net/bn/~/mean_ema/average', 'net/bn/~/var_ema/average'],
      'net/bn',
      'haiku',
    ],
    [
      'MXNet',
      ['arg:bn0_gamma', 'arg:bn0_beta', 'aux:bn0_moving_mean', 'aux:bn0_moving_var'],
      'bn0',
      'mxnet',
    ],
    ['Gluon', ['bn.gamma', 'bn.beta', 'bn.running_mean', 'bn.running_var'], 'bn', 'mxnet'],
    ['Paddle', ['bn.weight', 'bn.bias', 'bn._mean', 'bn._variance'], 'bn', 'paddle'],
    ['arrays of one’s own', ['Gamma', 'beta', 'mean', 'var'], '', undefined],
  ])('are found in %s', (_who, names, name, convention) => {
    const [gamma, beta, movingMean, movingVariance] = names;
    const found = find(names);
    expect(found).toMatchObject([
      { name, channels: 4, parameters: { gamma, beta, movingMean, movingVariance } },
    ]);
    expect(found[0]?.convention).toBe(convention);
  });

  it.each(['torch', 'torch-index', 'safetensors', 'safetensors-index'])(
    'are PyTorch’s in %s, whatever its modules call them',
    format => {
      for (const statistics of [
        ['running_mean', 'running_var'],
        ['moving_mean', 'moving_var'],
      ]) {
        const names = ['gamma', 'beta', ...statistics].map(word => `bn.${word}`);
        expect(find(names, [], format)).toMatchObject([{ name: 'bn', convention: 'pytorch' }]);
      }
    },
  );

  it('say which entry counts batches', () => {
    expect(find(torch('bn.'))[0]).toMatchObject({ batchesTracked: 'bn.num_batches_tracked' });
  });

  it('may lack gamma and beta', () => {
    expect(find(['bn.running_mean', 'bn.running_var'])).toMatchObject([
      {
        name: 'bn',
        parameters: { movingMean: 'bn.running_mean', movingVariance: 'bn.running_var' },
      },
    ]);
  });

  it('are in the order of the file', () => {
    const names = [...torch('b.'), ...torch('a.')];
    expect(find(names).map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('are named apart', () => {
    const node = (gamma: string): LayerHint => ({ name: 'bn', parameters: { gamma } });
    const found = find(['g1', 'g2'], [node('g1'), node('g2')]);
    expect(found.map(({ name }) => name)).toEqual(['bn', 'bn (2)']);
  });

  it('take names of a megabyte in a moment', () => {
    const milliseconds = processorTime();
    for (const part of ['params/', 'batch_stats/', 'batch_stats.params.', 'ema_', 'mean_ema/']) {
      const long = part.repeat(1_000_000 / part.length);
      expect(find([`${long}/`, `${long}scale`, `${long}mean`, `${long}x`])).toEqual([]);
    }
    expect(milliseconds()).toBeLessThan(2000);
  });

  it('take any name for a path', () => {
    expect(find(torch('__proto__.')).map(({ name }) => name)).toEqual(['__proto__']);
  });
});

describe('what is no layer', () => {
  it.each<[string, (string | readonly [string, readonly number[]])[]]>([
    ['a LayerNorm or GroupNorm', ['ln.weight', 'ln.bias']],
    ['a data set’s normalisation', ['normalization/mean', 'normalization/variance', 'input/count']],
    ['vectors of different lengths', ['bn.running_mean', ['bn.running_var', [5]]]],
    ['a gamma of another length', ['bn.running_mean', 'bn.running_var', ['bn.weight', [5]]]],
    [
      'matrices',
      [
        ['bn.running_mean', [4, 4]],
        ['bn.running_var', [4, 4]],
      ],
    ],
    [
      'scalars',
      [
        ['bn.running_mean', []],
        ['bn.running_var', []],
      ],
    ],
    [
      'nothing',
      [
        ['bn.running_mean', [0]],
        ['bn.running_var', [0]],
      ],
    ],
    [
      'optimizer slots',
      ['bn/gamma/Adam', 'bn/beta/Adam', 'bn/moving_mean/Momentum', 'bn/moving_variance/Momentum'],
    ],
    [
      'an optimizer’s copies',
      [
        'optimizer_weights/a/bn/gamma',
        'optimizer_weights/a/bn/moving_mean',
        'optimizer_weights/a/bn/moving_variance',
      ],
    ],
    ['haiku’s uncorrected averages', ['bn/~/mean_ema/hidden', 'bn/~/var_ema/hidden', 'bn/scale']],
  ])('is not found: %s', (_what, names) => {
    expect(find(names)).toEqual([]);
  });

  it.each([
    ['state_dict.', 'state_dict_ema.'],
    ['model.model.', 'ema.model.'],
    ['', 'ema_model.module.'],
    ['model.', 'ExponentialMovingAverage.'],
  ])('leaves out the averaged copy of %j under %j', (own, copy) => {
    const names = [...torch(`${copy}0.bn.`), ...torch(`${own}0.bn.`)];
    expect(find(names).map(({ name }) => name)).toEqual([`${own}0.bn`]);
  });

  it('keeps averaged layers that are alone in the file', () => {
    expect(find(torch('ema.bn.')).map(({ name }) => name)).toEqual(['ema.bn']);
  });
});

describe('what the format knows', () => {
  it('is added to the layer of that name', () => {
    const hint = { name: 'bn', epsilon: 0.01, momentum: null, notes: ['Made for a test.'] };
    expect(find(torch('bn.'), [hint])).toMatchObject([
      { name: 'bn', convention: 'pytorch', epsilon: 0.01, momentum: null, notes: hint.notes },
    ]);
  });

  it('can be that it is something else', () => {
    expect(find(torch('bn.'), [{ name: 'bn', notBatchNorm: 'it is an InstanceNorm' }])).toEqual([]);
  });

  it('makes a layer of entries by themselves, once', () => {
    const [gamma, beta, movingMean, movingVariance] = torch('bn.');
    const parameters = {
      gamma: gamma!,
      beta: beta!,
      movingMean: movingMean!,
      movingVariance: movingVariance!,
    };
    const found = find(torch('bn.'), [{ name: 'node', parameters, convention: 'onnx' }]);
    expect(found).toMatchObject([{ name: 'node', parameters, convention: 'onnx', channels: 4 }]);
  });

  it.each<[string, LayerHint['parameters']]>([
    ['nothing', {}],
    ['an entry that is not there', { gamma: 'nowhere' }],
    ['a matrix', { gamma: 'matrix' }],
    ['vectors that do not fit', { gamma: 'bn.weight', beta: 'five' }],
  ])('is not believed where it names %s', (_what, parameters) => {
    const names = ['bn.weight', ['matrix', [4, 4]], ['five', [5]]] as const;
    expect(find(names, [{ name: 'node', parameters: parameters! }])).toEqual([]);
  });

  it('may give one value for all channels', () => {
    const found = find(
      ['m', 'v', ['g', [1]]],
      [{ name: 'n', parameters: { gamma: 'g', movingMean: 'm', movingVariance: 'v' } }],
    );
    expect(found).toMatchObject([{ channels: 4 }]);
  });
});
