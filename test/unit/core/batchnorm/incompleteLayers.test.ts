import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../../src/core/batchnorm/findLayers';
import {
  incompleteLayers,
  type IncompleteLayer,
} from '../../../../src/core/batchnorm/incompleteLayers';
import type { LayerHint, TensorEntry } from '../../../../src/core/formats/catalog';

type Shapes = Readonly<Record<string, readonly number[]>>;

function incomplete(shapes: Shapes, hints: readonly LayerHint[] = []): IncompleteLayer[] {
  const content = { kind: 'unreadable', reason: 'it is a test' } as const;
  const entries = Object.entries(shapes).map(([name, shape]): TensorEntry => ({
    name,
    shape,
    dtype: 'float32',
    bytes: 4,
    content,
  }));
  return incompleteLayers({ entries, hints }, findLayers({ format: 'torch', entries, hints }));
}

const affine = { 'bn.weight': [8], 'bn.bias': [8] };
const whole = { ...affine, 'bn.running_mean': [8], 'bn.running_var': [8] };
const count = { 'bn.num_batches_tracked': [] };

describe('layers that cannot be made', () => {
  it.each<[string, Shapes]>([
    ['running_var has 7 entries, running_mean 8', { ...whole, 'bn.running_var': [7] }],
    ['running_var has 1 entry, running_mean 8', { ...whole, 'bn.running_var': [1] }],
    ['weight has 9 entries, running_mean 8', { ...whole, 'bn.weight': [9] }],
    ['running_var is missing', { ...affine, 'bn.running_mean': [8] }],
    ['running_mean is missing', { ...count, 'bn.running_var': [8] }],
    ['running_mean and running_var are missing', { ...affine, ...count }],
    [
      'running_mean has the shape [8, 1], and is to have one entry a channel',
      { ...whole, ...count, 'bn.running_mean': [8, 1] },
    ],
    ['moving_variance is missing', { 'bn/gamma': [8], 'bn/moving_mean': [8] }],
  ])('%s', (reason, shapes) => {
    expect(incomplete(shapes)).toMatchObject([{ name: 'bn', reason }]);
  });

  it('are told beside those that can, with the numbers', () => {
    const shapes = { 'a.running_mean': [4], 'a.running_var': [4], ...whole, 'bn.running_var': [7] };
    expect(incomplete(shapes)).toEqual([
      {
        name: 'bn',
        reason: 'running_var has 7 entries, running_mean 8',
        evidence: { running_var: 7, running_mean: 8 },
        parameters: {
          gamma: 'bn.weight',
          beta: 'bn.bias',
          movingMean: 'bn.running_mean',
          movingVariance: 'bn.running_var',
        },
      },
    ]);
  });
});

describe('layers that the format knows', () => {
  const parameters = { gamma: 's', beta: 'b', movingMean: 'm', movingVariance: 'v' };
  const hint = { name: 'bn', parameters, convention: 'onnx' };
  const sound = { s: [8], b: [8], m: [8], v: [8] };

  it('are told where their vectors do not fit together', () => {
    expect(incomplete({ ...sound, v: [7] }, [hint])).toEqual([
      {
        name: 'bn',
        reason: 'v has the shape [7], and s has 8 entries',
        evidence: { v: '[7]', s: '[8]' },
        parameters,
      },
    ]);
    expect(incomplete({ ...sound, s: [2, 4] }, [hint])[0]?.reason).toContain('shape [2, 4]');
  });

  it('are sound where they do, or one value stands for all, or it is no batch norm', () => {
    expect(incomplete(sound, [hint])).toEqual([]);
    expect(incomplete({ ...sound, s: [1] }, [hint])).toEqual([]);
    expect(incomplete({ ...sound, v: [7] }, [{ ...hint, notBatchNorm: 'a LayerNorm' }])).toEqual(
      [],
    );
    // A node that gets all of them from the graph.
    expect(incomplete({}, [{ ...hint, parameters: {} }])).toEqual([]);
  });
});

describe('what is not surely batch norm', () => {
  it.each<[string, Shapes]>([
    ['a sound layer', { ...whole, ...count }],
    ['a LayerNorm', affine],
    ['a statistic alone', { 'critic.running_mean': [8] }],
    ['a mean and a deviation', { ...affine, 'bn.running_mean': [8], 'bn.running_std': [8] }],
    ['a renormalisation', { ...affine, ...count, 'bn.running_avg_mean': [8] }],
    ['matrices', { 'bn.running_mean': [4, 4], 'bn.running_var': [4, 4] }],
    [
      'MXNet’s names',
      { 'bn.gamma': [8], 'bn.beta': [8], 'bn.moving_mean': [8], 'bn.moving_var': [8] },
    ],
    ['optimizer slots', { 'optimizer/bn/gamma': [8], 'optimizer/bn/moving_mean': [8] }],
  ])('is not reported: %s', (_what, shapes) => {
    expect(incomplete(shapes)).toEqual([]);
  });

  it('is what the format knows to be something else', () => {
    const hint = { name: 'bn', notBatchNorm: 'it is an InstanceNorm' };
    expect(incomplete({ ...whole, 'bn.running_var': [7] }, [hint])).toEqual([]);
  });
});
