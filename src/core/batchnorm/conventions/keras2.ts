import { maskIgnored, type Convention } from '../convention';
import { decrementUnfused } from '../momentumRules';
import { besselGuarded, biased } from '../varianceRules';
import { frozenIsInference, keras3 } from './keras3';

// Its moments take two passes.
const { cancellation: _, ...shared } = keras3;

/** `tf.keras.layers.BatchNormalization` of TF 2 where it fuses: rank 4, and 5 since about TF 2.6. */
export const keras2: Convention = {
  ...shared,
  id: 'keras2',
  name: 'tf.keras 2, fused',
  api: 'tf.keras.layers.BatchNormalization',
  versions:
    'TF 2.0 and later with Keras 2 (tf-keras); trainable=False means inference since TF 2.0',
  changes: [
    {
      version: 'TF 2.0',
      text: 'trainable=False puts the layer in inference mode; before, it stopped the update and the batch still normalised.',
    },
    {
      version: 'TF 2.6 or before',
      text: 'rank 5 is fused too; in TF 2.1 only rank 4 was. Which release began is not known.',
    },
  ],
  movingVariance: besselGuarded,
  epsilonFloor: 1.001e-5,
  renorm: 'the rule of TF 1.15, which tf.keras kept',
  ghostBatch: { versions: 'TF 2.x', dividesInference: false },
  // The fused kernel warns and ignores it; the other takes tf.nn.weighted_moments.
  mask: maskIgnored,
  otherPath: {
    momentum: decrementUnfused,
    movingVariance: biased,
    epsilonFloor: 0,
    mask: { kind: 'weighted', denominatorEpsilon: 0 },
    singleValue: keras3.singleValue,
    name: 'not fused',
    text: 'tf.keras fuses ranks 4 and 5 in float32, with the channels on axis 1 or last',
    applies: (rank, axis, precision) =>
      precision === 'float64' || (rank !== 4 && rank !== 5) || (axis !== 1 && axis !== rank - 1),
  },
  singleValue: {
    kind: 'accepted',
    note: 'The fused kernel accepts it on a CPU (the variance is 0, every output is beta); on a GPU it makes the moving variance NaN.',
  },
  because: frozenIsInference('tf.keras 2', 'in tf.keras since TF 2.0'),
  badInput:
    'A channel axis that is unknown or out of range is a ValueError, as is fused with synchronized. float64 is computed without fusing. A layer that fuses warns about a mask and ignores it.',
  verifiedByRunning: false,
  execution:
    "The layer was never executed: its rules were read, and are held to its own tests' numbers. The kernel that it fuses to, FusedBatchNormV3, was run in TF 2.21.",
  source:
    'tf-keras v2.21.0 layers/normalization/batch_normalization.py:257-301,1310-1320 (_assign_moving_average where not fused) and tensorflow core/kernels/fused_batch_norm_op.cc; FusedBatchNormV3 was run in TF 2.21',
};
