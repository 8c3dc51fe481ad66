/** What an argument of a batch-norm call says. */
export type ArgumentRole =
  | 'input'
  /** How many channels there are. */
  | 'channels'
  | 'channelAxis'
  /** `NHWC`, `channels_first`: the channel axis in words. */
  | 'dataFormat'
  | 'momentum'
  | 'epsilon'
  | 'training'
  /** The opposite of training: Flax's `use_running_average`. */
  | 'evaluation'
  | 'trainable'
  | 'gamma'
  | 'beta'
  | 'movingMean'
  | 'movingVariance'
  /** All four as a dictionary of initializers. */
  | 'initializers'
  /** Whether there are gamma and beta. */
  | 'scale'
  | 'center'
  | 'affine'
  /** Whether there are moving statistics. */
  | 'tracking'
  /** Whether the moving statistics, which there are, move. */
  | 'moves'
  | 'fused'
  | 'virtualBatchSize'
  | 'renorm'
  | 'name';

/** Roles by the names of a signature's parameters; what has none is of no concern here. */
export type Roles = Readonly<Record<string, ArgumentRole>>;

/** What TensorFlow, Keras and `tf.layers` call them. */
export const kerasRoles: Roles = {
  inputs: 'input',
  axis: 'channelAxis',
  momentum: 'momentum',
  epsilon: 'epsilon',
  center: 'center',
  scale: 'scale',
  beta_initializer: 'beta',
  gamma_initializer: 'gamma',
  moving_mean_initializer: 'movingMean',
  moving_variance_initializer: 'movingVariance',
  training: 'training',
  trainable: 'trainable',
  name: 'name',
  renorm: 'renorm',
  fused: 'fused',
  virtual_batch_size: 'virtualBatchSize',
};

export const torchRoles: Roles = {
  num_features: 'channels',
  eps: 'epsilon',
  momentum: 'momentum',
  affine: 'affine',
  track_running_stats: 'tracking',
  input: 'input',
  running_mean: 'movingMean',
  running_var: 'movingVariance',
  weight: 'gamma',
  bias: 'beta',
  training: 'training',
};
