import { always, type CallFamily } from '../callFamily';
import type { Roles } from '../roles';

const flaxRoles: Roles = {
  x: 'input',
  num_features: 'channels',
  use_running_average: 'evaluation',
  axis: 'channelAxis',
  momentum: 'momentum',
  epsilon: 'epsilon',
  use_bias: 'center',
  use_scale: 'scale',
  bias_init: 'beta',
  scale_init: 'gamma',
  name: 'name',
};

/** `nn.BatchNorm(use_running_average=…)` of Flax linen. */
export const flaxLinen: CallFamily = {
  id: 'flax.linen',
  language: 'python',
  callables: /^flax\.linen(?:\.normalization)?\.BatchNorm$/,
  signature:
    'use_running_average axis momentum epsilon dtype param_dtype use_bias use_scale bias_init scale_init axis_name',
  roles: flaxRoles,
  convention: always('flax'),
  makes: 'layer',
  application: {
    method: '',
    signature: 'x use_running_average',
    roles: flaxRoles,
    on: 'with use_running_average=False',
    off: 'with True',
  },
  source: 'flax 18f8f31 flax/linen/normalization.py:247-421',
};

/** `nnx.BatchNorm(channels, rngs=…)`. */
export const flaxNnx: CallFamily = {
  ...flaxLinen,
  id: 'flax.nnx',
  callables: /^flax\.(?:experimental\.)?nnx\.BatchNorm$/,
  signature: 'num_features',
  application: {
    method: '',
    signature: 'x use_running_average',
    roles: flaxRoles,
    on: 'in train()',
    off: 'in eval()',
  },
  modes: { training: 'train', inference: 'eval' },
  source: 'flax 18f8f31 flax/nnx/nn/normalization.py:201-421',
};

const haikuRoles: Roles = {
  create_scale: 'scale',
  create_offset: 'center',
  decay_rate: 'momentum',
  eps: 'epsilon',
  scale_init: 'gamma',
  offset_init: 'beta',
  // `axis` names the axes that are averaged over, and not the channels'.
  data_format: 'dataFormat',
  inputs: 'input',
  is_training: 'training',
  name: 'name',
};

/** `hk.BatchNorm(True, True, 0.9)(x, is_training)`. */
export const haiku: CallFamily = {
  id: 'haiku',
  language: 'python',
  callables: /^haiku\.BatchNorm$/,
  signature:
    'create_scale create_offset decay_rate eps scale_init offset_init axis cross_replica_axis' +
    ' cross_replica_axis_index_groups data_format name',
  roles: haikuRoles,
  convention: always('haiku'),
  makes: 'layer',
  application: {
    method: '',
    signature: 'inputs is_training test_local_stats scale offset',
    roles: haikuRoles,
    on: 'called with is_training=True',
    off: 'with False',
  },
  source: 'dm-haiku f4d858a haiku/_src/batch_norm.py:58-205',
};
