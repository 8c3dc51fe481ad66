import { always, type CallFamily } from '../callFamily';
import type { Roles } from '../roles';

const roles: Roles = {
  x: 'input',
  inputs: 'input',
  axis: 'channelAxis',
  momentum: 'momentum',
  epsilon: 'epsilon',
  center: 'center',
  scale: 'scale',
  betaInitializer: 'beta',
  gammaInitializer: 'gamma',
  movingMeanInitializer: 'movingMean',
  movingVarianceInitializer: 'movingVariance',
  trainable: 'trainable',
  training: 'training',
  name: 'name',
};

/** `tf.layers.batchNormalization({ axis: 1 })`. */
export const tensorflowJsLayers: CallFamily = {
  id: 'tfjs.layers',
  language: 'javascript',
  callables: /@tensorflow\/tfjs\b.*\.(?:layers\.)?batchNormalization$/,
  signature: '',
  roles,
  convention: always('tfjs'),
  makes: 'layer',
  application: {
    method: 'apply',
    signature: 'x',
    roles,
    on: 'under fit() or training: true',
    off: 'else',
  },
  source: 'tfjs 4.22.0 tfjs-layers/src/layers/normalization.ts:21-110,253-422',
};

/** `tf.batchNorm(x, mean, variance, offset, scale, epsilon)`: the arithmetic alone. */
export const tensorflowJsArithmetic: CallFamily = {
  id: 'tfjs.batchNorm',
  language: 'javascript',
  callables: /@tensorflow\/tfjs\b.*\.batchNorm(?:[234]d)?$/,
  signature: 'x mean variance offset scale varianceEpsilon',
  roles: {
    x: 'input',
    mean: 'movingMean',
    variance: 'movingVariance',
    offset: 'beta',
    scale: 'gamma',
    varianceEpsilon: 'epsilon',
  },
  convention: always('tfjs'),
  defaults: { training: false },
  makes: 'output',
  takesValues: true,
  statisticsGiven: true,
  source: 'tfjs 4.22.0 tfjs-core/src/ops/batchnorm.ts:57-109',
};
