import type { Because, Convention } from '../convention';
import { whenTrainable, whenTrainingAndTrainable, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { biased } from '../varianceRules';

/** Keras 2 (TF 2) and Keras 3: a frozen layer runs in inference mode, so one reason serves both. */
export function frozenIsInference(name: string, since: string): (flags: Flags) => Because {
  return ({ training, trainable }) => {
    const why = !training
      ? `training=False is inference mode in ${name}`
      : trainable
        ? `training and trainable are both True, as ${name} requires for either`
        : `${since} trainable=False puts the layer in inference mode even when training=True`;
    const parameters = trainable ? {} : { parameters: 'gamma and beta are frozen' };
    return { normalization: why, update: why, ...parameters };
  };
}

/** `keras.layers.BatchNormalization` of Keras 3, any backend. */
export const keras3: Convention = {
  id: 'keras3',
  name: 'Keras 3',
  api: 'keras.layers.BatchNormalization',
  versions: 'Keras 3.0 and later, any backend',
  changes: [
    {
      version: 'Keras 3.0',
      text: 'the moving variance takes in the biased variance at every rank; tf.keras corrected it where it fused.',
    },
    { version: 'Keras 3.14', text: 'batch renormalisation is back.' },
  ],
  defaults: { epsilon: 1e-3, momentum: 0.99, channelAxis: -1, training: false, trainable: true },
  momentum: exponentialOld,
  movingVariance: biased,
  usesBatchStatistics: whenTrainingAndTrainable,
  updatesMoving: whenTrainingAndTrainable,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: { kind: 'weighted', denominatorEpsilon: 1e-7 },
  cancellation: {
    loses: 'variance',
    when: 'batch',
    where: 'Keras 3 on numpy, PyTorch or OpenVINO',
    source: 'keras 3.15.1 src/backend/{numpy,torch,openvino}/nn.py, moments; run on numpy',
  },
  renorm: 'Keras 3.14 and later',
  ranks: [1, 8],
  singleValue: {
    kind: 'accepted',
    note: 'Keras accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'call the layer with training=True while trainable is True, as fit() does.',
  because: frozenIsInference('Keras 3', 'in Keras 3, as in tf.keras since TF 2.0,'),
  flagNames: { training: 'training', trainable: 'trainable' },
  parameterNames: {
    gamma: 'gamma',
    beta: 'beta',
    movingMean: 'moving_mean',
    movingVariance: 'moving_variance',
  },
  badInput:
    'A mask must have the shape of the input without its last axis, else it is a ValueError; with one channel and a mask Keras 3.15.1 fails with an IndexError. Any momentum is accepted. float64 becomes float32, but for the TensorFlow backend.',
  verifiedByRunning: true,
  execution: 'Run: Keras 3.15.1 on numpy, and on TensorFlow.',
  source: 'keras 3.15.1 src/layers/normalization/batch_normalization.py:363-394',
};
