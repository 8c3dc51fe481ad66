import type { Convention } from '../../../../src/core/batchnorm/convention';
import { findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { freshParameters, type BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import type { Result } from '../../../../src/core/problem';
import type { Tensor } from '../../../../src/core/tensor/tensor';

/** The image of the question: channels {4,7,2,0}, {5,8,1,0}, {9,9,6,2} and {0,6,5,0}. */
export const seedImage: Tensor = tensor(
  [1, 2, 2, 4],
  [4, 5, 9, 0, 7, 8, 9, 6, 2, 1, 6, 5, 0, 0, 2, 0],
);

export function tensor(shape: readonly number[], values: readonly number[]): Tensor {
  return { shape, dtype: 'float32', data: Float32Array.from(values) };
}

export function convention(id: string): Convention {
  return unwrap(findConvention(id));
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** gamma 2, beta 1, moving mean 0, moving variance 1, epsilon 0.001, and momentum 0.99 of the old. */
export function seedLayer(id: string, change: Partial<BatchNormLayer> = {}): BatchNormLayer {
  const rules = convention(id);
  return {
    ...freshParameters(4),
    gamma: new Float64Array(4).fill(2),
    beta: new Float64Array(4).fill(1),
    convention: rules,
    epsilon: 1e-3,
    momentum: rules.momentum.weighs === 'old' ? 0.99 : 0.01,
    channelAxis: 3,
    batchesTracked: 0,
    precision: 'float32',
    ...change,
  };
}
