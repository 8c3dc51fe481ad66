import { describe, expect, it } from 'vitest';
import {
  pathName,
  resolveLayer,
  spreadParameters,
  type Statement,
} from '../../../../src/core/batchnorm/statement';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { convention, seedLayer, unwrap } from './seed';

const tf1 = convention('tf1');
const resolve = (statement: Partial<Statement>, shape: readonly number[]): BatchNormLayer =>
  unwrap(resolveLayer({ parameters: {}, ...statement }, shape, tf1)).layer;
const problem = (statement: Partial<Statement>, shape: readonly number[] = [2, 3]): string => {
  const resolved = resolveLayer({ parameters: {}, ...statement }, shape, tf1);
  return resolved.ok ? '' : resolved.problem.message;
};

describe('resolving', () => {
  it('fills in a fresh layer', () => {
    const layer = resolve({}, [2, 3]);
    expect(layer).toMatchObject({
      epsilon: 1e-3,
      momentum: 0.99,
      channelAxis: 1,
      batchesTracked: 0,
    });
    expect(Array.from(layer.gamma)).toEqual([1, 1, 1]);
    expect(Array.from(layer.beta)).toEqual([0, 0, 0]);
    expect(Array.from(layer.movingMean)).toEqual([0, 0, 0]);
    expect(Array.from(layer.movingVariance)).toEqual([1, 1, 1]);
  });

  it('lets one value stand for all channels', () => {
    const { gamma } = resolve({ parameters: { gamma: Float64Array.of(2) } }, [2, 3]);
    expect(Array.from(gamma)).toEqual([2, 2, 2]);
  });

  it("takes the convention's own axis, and axis 0 of a vector", () => {
    expect(resolve({}, [2, 3, 4, 5]).channelAxis).toBe(3);
    expect(resolve({ convention: 'pytorch' }, [2, 3, 4, 5]).channelAxis).toBe(1);
    expect(resolve({ convention: 'pytorch' }, [5]).channelAxis).toBe(0);
    expect(resolve({ channelAxis: -2 }, [2, 3, 4, 5]).channelAxis).toBe(2);
  });

  it('reads momentum in the meaning of the convention it is run under', () => {
    expect(resolve({ convention: 'pytorch', momentum: 0.99 }, [2, 3]).momentum).toBe(0.99);
    expect(resolve({ convention: 'pytorch', momentum: null }, [2, 3]).momentum).toBeNull();
  });

  it.each([
    [{ convention: 'theano' }, 'Unknown convention "theano"'],
    [{ channelAxis: 2 }, 'Axis 2 does not exist in shape [2,3]: use -2 to 1.'],
    [{ epsilon: -0.1 }, 'Epsilon is -0.1: it must be a finite number of at least 0'],
    [{ epsilon: Infinity }, 'Epsilon is Infinity'],
    [{ epsilon: NaN }, 'Epsilon is NaN'],
    [
      { momentum: 1.01 },
      'Momentum is 1.01: in TensorFlow 1, fused it is the weight of the old value, from 0 to 1.',
    ],
    [{ momentum: NaN }, 'Momentum is NaN'],
    [{ momentum: null }, 'Momentum is null (a cumulative average), which'],
    [
      { parameters: { beta: Float64Array.of(1, 2) } },
      'beta has 2 values, but axis 1 of [2,3] has 3 channels: axis 0 has 2.',
    ],
    [
      { parameters: { movingVariance: Float64Array.of(1, 2, 3, 4) } },
      'moving variance has 4 values, but axis 1 of [2,3] has 3 channels: give 3 values, or one for all channels.',
    ],
  ])('refuses %j', (statement, said) => {
    expect(problem(statement)).toContain(said);
  });
});

it('spreadParameters leaves out what does not fit', () => {
  const parameters = {
    gamma: Float64Array.of(1, 2),
    beta: Float64Array.of(7),
    movingMean: Float64Array.of(1, 2, 3),
  };
  expect(spreadParameters(parameters, 3)).toEqual({
    beta: Float64Array.of(7, 7, 7),
    movingMean: Float64Array.of(1, 2, 3),
  });
});

it('pathName names the other kernel where it is taken', () => {
  expect(pathName(seedLayer('tf1'), 4)).toBeUndefined();
  expect(pathName(seedLayer('tf1', { channelAxis: 1 }), 2)).toBe('not fused');
  expect(pathName(seedLayer('keras3', { channelAxis: 1 }), 2)).toBeUndefined();
});
