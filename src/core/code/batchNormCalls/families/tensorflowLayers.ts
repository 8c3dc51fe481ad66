import { always, type CallFamily } from '../callFamily';
import { kerasRoles } from '../roles';

const source = 'tensorflow v1.15.5 python/layers/normalization.py:31-327';

/** `tf.layers.batch_normalization(x, training=…)`. */
export const tensorflowLayers: CallFamily = {
  id: 'tf.layers',
  language: 'python',
  callables: /^tensorflow(?:\.compat\.v1)?\.layers\.batch_normalization$/,
  signature:
    'inputs axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer' +
    ' moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint training' +
    ' trainable name reuse renorm renorm_clipping renorm_momentum fused virtual_batch_size adjustment',
  roles: kerasRoles,
  convention: always('tf1'),
  unfused: 'tf1-unfused',
  makes: 'output',
  source,
};

/** `tf.layers.BatchNormalization()`, called later. */
export const tensorflowLayerClass: CallFamily = {
  id: 'tf.layers class',
  language: 'python',
  callables: /^tensorflow(?:\.compat\.v1)?\.layers\.BatchNormalization$/,
  signature:
    'axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer' +
    ' moving_variance_initializer',
  roles: kerasRoles,
  convention: always('tf1'),
  unfused: 'tf1-unfused',
  makes: 'layer',
  application: {
    method: '',
    signature: 'inputs training',
    roles: kerasRoles,
    on: 'called with training=True',
    off: 'without it',
  },
  settings: { momentum: 'momentum', epsilon: 'epsilon' },
  trainableBy: ['trainable'],
  source,
};
