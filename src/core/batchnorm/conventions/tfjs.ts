import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { decrementUnfused } from '../momentumRules';
import { biased } from '../varianceRules';

function tfjsBecause({ training, trainable }: Flags): Because {
  return {
    normalization: training
      ? 'training: true selects them whatever trainable says'
      : 'tfjs-layers selects them when training is false, whatever trainable says',
    update: !training
      ? 'training: false runs no update'
      : trainable
        ? 'tfjs-layers updates them inside every training call()'
        : 'tfjs-layers (4.22.0) updates them inside call() without looking at trainable',
    ...(trainable ? {} : { parameters: 'gamma and beta are frozen' }),
  };
}

/** `tf.layers.batchNormalization` of TensorFlow.js, as it behaves when its arithmetic is right. */
export const tfjs: Convention = {
  id: 'tfjs',
  name: 'TensorFlow.js layers',
  api: 'tf.layers.batchNormalization',
  versions: 'run with tfjs 4.22.0',
  changes: [],
  defaults: { epsilon: 1e-3, momentum: 0.99, channelAxis: -1, training: false, trainable: true },
  momentum: decrementUnfused,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  ranks: [2, 4],
  singleValue: {
    kind: 'accepted',
    note: 'tfjs accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'call the layer with training: true, as fit() does.',
  because: tfjsBecause,
  flagNames: { training: 'training', trainable: 'trainable' },
  parameterNames: {
    gamma: 'gamma',
    beta: 'beta',
    movingMean: 'moving_mean',
    movingVariance: 'moving_variance',
  },
  badInput:
    'Rank 5 is not implemented, and scale: false or center: false fails in training. int32 is computed in integers, which makes all outputs of training 0, and a channel axis that is not the last is computed wrongly by the CPU and WebAssembly backends (tfjs#1106): Normscope computes what both mean to.',
  verifiedByRunning: true,
  execution: 'Run: tfjs 4.22.0, its CPU and WebAssembly backends.',
  source: 'tfjs 4.22.0 tfjs-layers/src/layers/normalization.ts:253-422',
};
