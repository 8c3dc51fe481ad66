import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { biased } from '../varianceRules';

function paddleBecause({ training, trainable }: Flags): Because {
  const mode = training
    ? 'the layer is in training mode (train()) and use_global_stats is not set'
    : 'the layer is in evaluation mode (eval())';
  return {
    normalization: mode,
    update: mode,
    ...(trainable ? {} : { parameters: 'stop_gradient freezes weight and bias' }),
  };
}

/** `paddle.nn.BatchNorm1D/2D/3D` of PaddlePaddle. */
export const paddle: Convention = {
  id: 'paddle',
  name: 'PaddlePaddle',
  api: 'paddle.nn.BatchNorm1D/2D/3D',
  versions:
    'commit 5961f95; the variance rule is that of its documentation, the kernels were not read',
  changes: [],
  defaults: { epsilon: 1e-5, momentum: 0.9, channelAxis: 1, training: true, trainable: true },
  momentum: exponentialOld,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  ranks: [2, 5],
  singleValue: {
    kind: 'accepted',
    note: 'By its documented formula the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'run batches in model.train() before model.eval(), without use_global_stats.',
  because: paddleBecause,
  flagNames: { training: 'layer.training', trainable: 'trainable of weight and bias' },
  parameterNames: {
    gamma: 'weight',
    beta: 'bias',
    movingMean: '_mean',
    movingVariance: '_variance',
  },
  badInput: 'A rank that the class is not for is a ValueError.',
  verifiedByRunning: false,
  execution: 'Never executed: read in its documentation; the kernels were not read.',
  source: 'PaddlePaddle 5961f95 python/paddle/nn/layer/norm.py (documented formula)',
};
