import { always, type CallFamily } from '../callFamily';
import type { Roles } from '../roles';

const roles: Roles = {
  inputs: 'input',
  decay: 'momentum',
  center: 'center',
  scale: 'scale',
  epsilon: 'epsilon',
  param_initializers: 'initializers',
  is_training: 'training',
  trainable: 'trainable',
  fused: 'fused',
  data_format: 'dataFormat',
  renorm: 'renorm',
  scope: 'name',
};

/** `tf.contrib.layers.batch_norm`, `slim.batch_norm`: another decay, no gamma unless asked for, training by default. */
export const tensorflowContrib: CallFamily = {
  id: 'tf.contrib',
  language: 'python',
  callables: /^(?:tensorflow\.contrib\.(?:layers|slim)|tf_slim(?:\.layers)?)\.batch_norm$/,
  signature:
    'inputs decay center scale epsilon activation_fn param_initializers param_regularizers updates_collections' +
    ' is_training reuse variables_collections outputs_collections trainable batch_weights fused data_format' +
    ' zero_debias_moving_mean scope renorm renorm_clipping renorm_decay adjustment',
  roles,
  convention: always('tf1'),
  unfused: 'tf1-unfused',
  defaults: { momentum: 0.999, training: true },
  scopedDefaults: /\barg_scope\(/,
  makes: 'output',
  source: 'the API pages of TensorFlow r1.12 and tf.contrib.layers, batch_norm',
};

/** `tf.nn.batch_normalization`: the arithmetic alone. */
export const tensorflowArithmetic: CallFamily = {
  id: 'tf.nn',
  language: 'python',
  callables: /^tensorflow(?:\.compat\.v1)?\.nn\.batch_normalization$/,
  signature: 'x mean variance offset scale variance_epsilon name',
  roles: {
    x: 'input',
    mean: 'movingMean',
    variance: 'movingVariance',
    offset: 'beta',
    scale: 'gamma',
    variance_epsilon: 'epsilon',
  },
  convention: always('tf1-unfused'),
  defaults: { training: false },
  makes: 'output',
  takesValues: true,
  statisticsGiven: true,
  source: 'tensorflow v1.15.5 python/ops/nn_impl.py:1383-1434',
};
