import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { scaledSum } from '../momentumRules';
import { besselGuarded } from '../varianceRules';

function caffeBecause({ training, trainable }: Flags): Because {
  const mode = training
    ? 'the phase is TRAIN and use_global_stats is not set'
    : 'the phase is TEST, which sets use_global_stats';
  return {
    normalization: mode,
    update: mode,
    ...(trainable ? {} : { parameters: 'lr_mult: 0 freezes the Scale layer' }),
  };
}

/** Caffe's `BatchNorm` layer, with the `Scale` layer that holds gamma and beta. */
export const caffe: Convention = {
  id: 'caffe',
  name: 'Caffe',
  api: 'BatchNorm + Scale',
  versions: 'BVLC Caffe, commit 9b89154',
  changes: [],
  defaults: { epsilon: 1e-5, momentum: 0.999, channelAxis: 1, training: false, trainable: true },
  initialMovingVariance: 0,
  momentum: scaledSum,
  movingVariance: besselGuarded,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  ranks: [2, 8],
  singleValue: {
    kind: 'accepted',
    note: 'Caffe accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'train in phase TRAIN without use_global_stats.',
  because: caffeBecause,
  flagNames: { training: 'phase TRAIN', trainable: 'lr_mult of Scale' },
  parameterNames: {
    gamma: 'Scale blobs[0]',
    beta: 'Scale blobs[1]',
    movingMean: 'blobs[0]/blobs[2]',
    movingVariance: 'blobs[1]/blobs[2]',
  },
  notes: [
    'The file holds sums: mean and variance are blobs[0] and blobs[1] divided by blobs[2], and 0 where that is 0.',
    'The k-th batch weighs (1 − moving_average_fraction)/(1 − moving_average_fraction^k); num_batches_tracked in a run file is k − 1.',
    'BatchNorm itself has no gamma and beta: they are in the Scale layer after it.',
  ],
  badInput:
    'A learning rate other than 0 for one of its own blobs is a failed CHECK. Statistics of no batch at all are taken as 0.',
  verifiedByRunning: false,
  execution: 'Never executed: read in the source.',
  source: 'caffe 9b89154 src/caffe/layers/batch_norm_layer.cpp:86-147',
};
