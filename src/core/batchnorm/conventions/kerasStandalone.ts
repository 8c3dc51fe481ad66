import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, whenTrainingAndTrainable, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { besselWithEpsilon } from '../varianceRules';
import { keras3 } from './keras3';

function kerasStandaloneBecause({ training, trainable }: Flags): Because {
  return {
    normalization: training
      ? 'training=True, or the learning phase, selects them whatever trainable says'
      : 'Keras selects them when training=False, whatever trainable says',
    update: !training
      ? 'training=False runs no update'
      : trainable
        ? 'training and trainable are both True'
        : 'a layer with trainable=False reports no updates (it is not put into inference mode before tf.keras of TF 2.0)',
    ...(trainable ? {} : { parameters: 'gamma and beta are frozen' }),
  };
}

/** `keras.layers.BatchNormalization` of the package Keras before it became tf.keras: 2.1.4 to 2.3.1. */
export const kerasStandalone: Convention = {
  id: 'keras-standalone',
  name: 'Stand-alone Keras 2',
  api: 'keras.layers.BatchNormalization of Keras 2.1.4 to 2.3.1',
  versions:
    'Keras 2.1.4 to 2.3.1 on TensorFlow 1 and Theano (CNTK, and Keras until 2.1.3, remember the biased variance)',
  changes: [
    {
      version: 'Keras 2.1.4',
      text: 'the moving variance takes in n/(n − (1 + epsilon)) of the variance; until 2.1.3 the biased one.',
    },
    {
      version: 'TF 2.0',
      text: 'its successor tf.keras puts a layer with trainable=False in inference mode (keras2).',
    },
  ],
  defaults: { epsilon: 1e-3, momentum: 0.99, channelAxis: -1, training: false, trainable: true },
  momentum: exponentialOld,
  movingVariance: besselWithEpsilon,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTrainingAndTrainable,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  ranks: [1, 8],
  singleValue: {
    kind: 'accepted',
    note: 'Keras accepts it: every output is beta, and what is left of a variance of 0 enters the moving variance times −1/epsilon, which can make it negative.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'run the layer in the training phase while trainable is True, as fit() does.',
  because: kerasStandaloneBecause,
  flagNames: keras3.flagNames,
  parameterNames: keras3.parameterNames,
  notes: [
    'On TensorFlow 1 the update was also zero-debiased for some versions (keras#9003): the first batches after the layer is built then weigh more than the rule here gives them.',
  ],
  badInput: 'What it does with a wrong rank or axis was not read.',
  verifiedByRunning: false,
  execution: 'Never executed: read in the source, and held to the variance printed in keras#10443.',
  source:
    'keras 2.3.1 keras/layers/normalization.py:183-208 (since keras#9028); moving variance 1.6672224 as printed in keras#10443',
};
