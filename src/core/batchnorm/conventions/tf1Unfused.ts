import type { Convention } from '../convention';
import { tf1, unfused } from './tf1';

const { otherPath: _, ...shared } = tf1;

/** `tf.layers.batch_normalization(fused=False)`, and what TensorFlow does at any rank but 4. */
export const tf1Unfused: Convention = {
  ...shared,
  ...unfused,
  id: 'tf1-unfused',
  name: 'TensorFlow 1, not fused',
  api: 'tf.layers.batch_normalization(fused=False)',
  versions: 'TF 1.0 to 1.15; trainable=False stops the update since 1.6; the default until 1.3',
  changes: [
    {
      version: 'TF 1.4',
      text: 'fused is on unless turned off: until TF 1.3 these were the rules unless it was asked for.',
    },
    {
      version: 'TF 1.6',
      text: 'trainable=False stops the update of the moving statistics; up to TF 1.5 they moved all the same.',
    },
  ],
  badInput:
    'A rank or a channel axis that is unknown, named twice or out of range is a ValueError. One value a channel and a negative moving variance pass without a word.',
  execution: 'Never executed: read in the source, tag by tag from TF 1.0 to 1.15.',
  source:
    'tensorflow v1.15.5 python/keras/layers/normalization.py:467-478,728-845 and python/ops/nn_impl.py:1172-1233,1427-1434',
};
