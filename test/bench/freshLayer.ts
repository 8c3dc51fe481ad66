import { freshParameters } from '../../src/core/batchnorm/layer';
import type { Result } from '../../src/core/problem';
import type { WireLayer } from '../../src/protocol/engine';

/** A layer over NHWC as nobody has touched it, by the rules of TensorFlow 1. */
export function freshLayer(channels: number): WireLayer {
  return {
    ...freshParameters(channels),
    convention: 'tf1',
    epsilon: 0.001,
    momentum: 0.99,
    channelAxis: 3,
    batchesTracked: 0,
    precision: 'float32',
  };
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
