import type { CodeFile } from '../../codeFile';
import type { CallFamily, CallSetting, ChosenConvention } from '../callFamily';
import { kerasRoles } from '../roles';

const kerasConventions = new Set(['keras2', 'keras3', 'keras-standalone']);

/** Names that only Keras 3 has, and that only the package before tf.keras had. */
const ofKeras3 =
  /\bkeras\.(?:ops|random|saving|export|distribution|version)\b|\bKERAS_BACKEND\b|\.keras['"]/;
const ofStandalone =
  /\bkeras\.(?:engine|legacy|objectives|utils\.np_utils|layers\.(?:normalization|core|convolutional|merge))\b|\bfit_generator\b|\bset_image_dim_ordering\b/;

/** Names of graph code, which TensorFlow 2 does not run. */
const ofGraphs = /\btf\.(?:placeholder|Session|get_collection|global_variables_initializer)\b/;

/** Whether the file says so; text is searched, as names in strings (`KERAS_BACKEND`) count too. */
function says({ text }: CodeFile, pattern: RegExp): boolean {
  return pattern.test(text);
}

function conventionOf({ file, name, fallback }: CallSetting): ChosenConvention {
  if (name.startsWith('tf_keras.')) return { id: 'keras2' };
  if (name.startsWith('tensorflow.')) {
    if (name.includes('compat.v1.') || says(file, ofGraphs)) {
      const assumed =
        'tf.keras is taken to be that of TensorFlow 1, as the file has graphs and sessions.';
      return { id: 'tf1', assumed };
    }
    const id = fallback.id === 'keras3' ? 'keras3' : 'keras2';
    const assumed = `tf.keras is Keras 2 until TensorFlow 2.15 and Keras 3 after it: Keras ${id === 'keras3' ? 3 : 2} is assumed.`;
    return { id, assumed };
  }
  if (says(file, ofKeras3)) return { id: 'keras3' };
  if (says(file, ofStandalone)) return { id: 'keras-standalone' };
  const isSet = kerasConventions.has(fallback.id);
  const assumed = isSet
    ? `Which Keras is meant is not said: ${fallback.name} is taken from the setting normscope.defaultConvention.`
    : 'Which Keras is meant is not said: Keras 3, the current one, is assumed.';
  return { id: isSet ? fallback.id : 'keras3', assumed };
}

/** `keras.layers.BatchNormalization()` of any Keras. */
export const keras: CallFamily = {
  id: 'keras',
  language: 'python',
  callables:
    /^(?:(?:tensorflow\.(?:python\.|compat\.v[12]\.)?)?keras|tf_keras)\.(?:src\.)?layers(?:\.normalization)?(?:\.batch_normalization)?\.BatchNormalization(?:V[12])?$/,
  signature:
    'axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer' +
    ' moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint',
  roles: kerasRoles,
  convention: conventionOf,
  makes: 'layer',
  application: {
    method: '',
    signature: 'inputs training mask',
    roles: kerasRoles,
    on: 'under fit() or training=True',
    off: 'else',
  },
  attributes: {
    gamma: 'gamma',
    beta: 'beta',
    moving_mean: 'movingMean',
    moving_variance: 'movingVariance',
  },
  settings: { momentum: 'momentum', epsilon: 'epsilon' },
  trainableBy: ['trainable'],
  source:
    'keras 3.15.1 src/layers/normalization/batch_normalization.py:150-190 and tf-keras v2.21.0 layers/normalization/batch_normalization.py',
};
