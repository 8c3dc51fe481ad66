import { maskIgnored, type Because, type Convention, type PathRules } from '../convention';
import { whenTrainable, whenTraining, whenTrainingAndTrainable, type Flags } from '../flags';
import { decrementFused, decrementUnfused } from '../momentumRules';
import { besselGuarded, biased } from '../varianceRules';

/** The path TensorFlow 1 takes where it does not fuse: other moments, another decay, no epsilon floor. */
export const unfused: PathRules = {
  momentum: decrementUnfused,
  movingVariance: biased,
  epsilonFloor: 0,
  mask: maskIgnored,
  cancellation: {
    loses: 'output',
    when: 'always',
    where: 'TensorFlow 1 where it does not fuse',
    source: 'tensorflow v1.15.5 python/ops/nn_impl.py:1427-1434',
  },
  singleValue: {
    kind: 'accepted',
    note: 'TensorFlow accepts it: the variance is 0 and every output is beta.',
  },
};

function tf1Because(flags: Flags): Because {
  const { training, trainable } = flags;
  return {
    normalization: training
      ? 'training=True selects them whatever trainable says'
      : 'TensorFlow 1 selects them when training=False, whatever trainable says',
    update: !training
      ? 'training=False creates no update'
      : trainable
        ? 'training and trainable are both True (in TensorFlow 1 only if the UPDATE_OPS are run)'
        : 'since TF 1.6 a layer with trainable=False collects no UPDATE_OPS (up to TF 1.5 they would move)',
    ...(trainable ? {} : { parameters: 'gamma and beta are frozen' }),
  };
}

/** `tf.layers.batch_normalization` where TensorFlow fuses it: rank 4, a channel axis of 1 or 3. */
export const tf1: Convention = {
  id: 'tf1',
  name: 'TensorFlow 1, fused',
  api: 'tf.layers.batch_normalization',
  versions:
    'TF 1.8 to 1.15 to the last digit; trainable=False stops the update since 1.6; fused by default since 1.4',
  changes: [
    { version: 'TF 1.3', text: 'tf.layers has the argument fused; it is off unless asked for.' },
    {
      version: 'TF 1.4',
      text: 'fused is on unless turned off, so that the moving variance of rank 4 takes in n/(n − 1) of the variance where it took in the biased one.',
    },
    {
      version: 'TF 1.6',
      text: 'trainable=False stops the update of the moving statistics; up to TF 1.5 they moved all the same.',
    },
    {
      version: 'TF 1.8',
      text: 'the fused path makes the momentum a float32 first, so that the decay of 0.99 is 0.00999999; before, it was 0.01.',
    },
    {
      version: 'TF 2.0',
      text: 'trainable=False puts the layer of tf.keras in inference mode (keras2); that of tf.layers stays as it is here.',
    },
  ],
  defaults: { epsilon: 1e-3, momentum: 0.99, channelAxis: -1, training: false, trainable: true },
  momentum: decrementFused,
  movingVariance: besselGuarded,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTrainingAndTrainable,
  updatesParameters: whenTrainable,
  epsilonFloor: 1.001e-5,
  mask: maskIgnored,
  otherPath: {
    ...unfused,
    name: 'not fused',
    text: 'TensorFlow fuses rank 4 with channel axis 1 or 3 only',
    applies: (rank, axis) => rank !== 4 || (axis !== 1 && axis !== 3),
  },
  renorm: 'the rule of TF 1.15; until about 1.8 its averages were zero-debiased',
  ghostBatch: { versions: 'TF 1.x and 2.x', dividesInference: true },
  ranks: [1, 8],
  singleValue: {
    kind: 'accepted',
    note: 'The fused kernel accepts it on a CPU (the variance is 0, every output is beta); on a GPU it makes the moving variance NaN.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice:
    'run the UPDATE_OPS collection together with the training op, with training=True and trainable=True.',
  because: tf1Because,
  flagNames: { training: 'training', trainable: 'trainable' },
  parameterNames: {
    gamma: 'gamma',
    beta: 'beta',
    movingMean: 'moving_mean',
    movingVariance: 'moving_variance',
  },
  badInput:
    'A rank or a channel axis that is unknown, named twice or out of range is a ValueError. No fused kernel takes float64, which at rank 4 is an error. One value a channel and a negative moving variance pass without a word.',
  verifiedByRunning: false,
  execution:
    'Never executed: read in the source, tag by tag from TF 1.0 to 1.15, and held to the digits printed in Stack Overflow 50209310.',
  source:
    'tensorflow v1.15.5 python/keras/layers/normalization.py:193-234,467-534 and core/kernels/fused_batch_norm_op.cc:297-319; digits as printed in Stack Overflow 50209310',
};
