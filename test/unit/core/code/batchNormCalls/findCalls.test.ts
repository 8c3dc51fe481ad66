import { describe, expect, it } from 'vitest';
import { keras2 } from '../../../../../src/core/batchnorm/conventions/keras2';
import { tf1 } from '../../../../../src/core/batchnorm/conventions/tf1';
import {
  batchNormCallAt,
  findBatchNormCalls,
} from '../../../../../src/core/code/batchNormCalls/findCalls';
import { codeFile } from '../../../../../src/core/code/codeFile';
import {
  javascriptCode,
  pythonCode,
  type CodeLanguage,
} from '../../../../../src/core/code/codeLanguage';
import { found, only } from './foundCalls';

function named(text: string, language: CodeLanguage = pythonCode): readonly string[] {
  return found(text, language).map(
    ({ name, canonicalName, convention, assumed }) =>
      `${name} ${canonicalName} ${convention.id}${'?'.repeat(assumed.length)}`,
  );
}

describe('findBatchNormCalls', () => {
  it.each([
    [
      'import tensorflow as tf\ntf.layers.batch_normalization(x)',
      'tensorflow.layers.batch_normalization tf1',
    ],
    [
      'import tensorflow.compat.v1 as tf\ntf.layers.batch_normalization(x)',
      'tensorflow.compat.v1.layers.batch_normalization tf1',
    ],
    [
      'import tensorflow as tf\ntf.layers.batch_normalization(x, fused=False)',
      'tensorflow.layers.batch_normalization tf1-unfused',
    ],
    [
      'import tensorflow as tf\ntf.contrib.layers.batch_norm(x)',
      'tensorflow.contrib.layers.batch_norm tf1',
    ],
    [
      'from tensorflow.contrib import slim\nslim.batch_norm(x)',
      'tensorflow.contrib.slim.batch_norm tf1',
    ],
    [
      'from tensorflow.keras.layers import BatchNormalization as BN\nBN()',
      'tensorflow.keras.layers.BatchNormalization keras2?',
    ],
    [
      'import tensorflow as tf\ntf.keras.layers.BatchNormalization()\ntf.Session()',
      'tensorflow.keras.layers.BatchNormalization tf1?',
    ],
    [
      'import tf_keras\ntf_keras.layers.BatchNormalization()',
      'tf_keras.layers.BatchNormalization keras2',
    ],
    [
      'from keras import layers, ops\nlayers.BatchNormalization()\nkeras.ops.sum',
      'keras.layers.BatchNormalization keras3',
    ],
    [
      'from keras.layers.normalization import BatchNormalization\nBatchNormalization()',
      'keras.layers.normalization.BatchNormalization keras-standalone',
    ],
    [
      'from keras import layers\nlayers.BatchNormalization()',
      'keras.layers.BatchNormalization keras3?',
    ],
    ['import torch.nn as nn\nnn.BatchNorm2d(3)', 'torch.nn.BatchNorm2d pytorch'],
    ['from torch import nn\nnn.LazyBatchNorm1d()', 'torch.nn.LazyBatchNorm1d pytorch'],
    ['from torch.nn import *\nSyncBatchNorm(3)', 'torch.nn.SyncBatchNorm pytorch'],
    [
      'import torch.nn.functional as F\nF.batch_norm(x, m, v)',
      'torch.nn.functional.batch_norm pytorch',
    ],
    ['import flax.linen as nn\nnn.BatchNorm()', 'flax.linen.BatchNorm flax'],
    ['from flax import nnx\nnnx.BatchNorm(3)', 'flax.nnx.BatchNorm flax'],
    ['import haiku as hk\nhk.BatchNorm(True, True, 0.9)', 'haiku.BatchNorm haiku'],
    ['nn.BatchNorm2d(3)', 'torch.nn.BatchNorm2d pytorch?'],
    ['model.add(BatchNormalization())', 'keras.layers.BatchNormalization keras3??'],
  ])('knows %s', (text, expected) => {
    const [first] = named(text);
    expect(first?.replace(/^\S+ /, '')).toBe(expected);
  });

  it.each([
    ["import * as tf from '@tensorflow/tfjs'\ntf.layers.batchNormalization({ axis: 1 })"],
    ["const { layers } = require('@tensorflow/tfjs-node')\nlayers.batchNormalization()"],
    ["import { layers } from '@tensorflow/tfjs-layers'\nlayers.batchNormalization()"],
    ["import * as tf from 'https://esm.sh/@tensorflow/tfjs@4.22.0'\ntf.batchNorm(x, m, v)"],
    ['tf.batchNorm4d(x, m, v)'],
  ])('knows %s', text => {
    expect(found(text, javascriptCode).map(({ convention }) => convention.id)).toEqual(['tfjs']);
  });

  it.each([
    'import mine as nn\nnn.BatchNorm2d(3)',
    'class BatchNorm2d: pass\nBatchNorm2d(3)',
    '# nn.BatchNorm2d(3)',
    'x = "nn.BatchNorm2d(3)"',
    'nn.LayerNorm(3)',
    'nn.SyncBatchNorm.convert_sync_batchnorm(m)',
    'batch_norm_report(x)',
    'def batch_norm(x): pass',
  ])('finds none in %s', text => {
    expect(found(text)).toEqual([]);
  });

  it('takes the Keras of the setting where the file does not say', () => {
    const [call] = findBatchNormCalls(
      codeFile('import keras\nkeras.layers.BatchNormalization()', pythonCode),
      keras2,
    );
    expect(call?.convention.id).toBe('keras2');
    expect(call?.assumed.join()).toContain('normscope.defaultConvention');
  });

  it('finds the call that an offset is in, its arguments included', () => {
    const file = codeFile('f(nn.BatchNorm2d(64, eps=1e-3), 2)', pythonCode);
    const at = (offset: number): string | undefined => batchNormCallAt(file, offset, tf1)?.name;
    expect([0, 4, 20, 32].map(at)).toEqual([
      undefined,
      'nn.BatchNorm2d',
      'nn.BatchNorm2d',
      undefined,
    ]);
  });
});

describe('the input of a call', () => {
  it.each([
    ['tf.layers.batch_normalization(np.ones((2, 3)))', 'tensor 2,3'],
    [
      'x = tf.placeholder(tf.float32, [None, 28, 3])\ntf.layers.batch_normalization(x)',
      'shape ,28,3',
    ],
    ['x = tf.keras.Input((28, 3))\ntf.keras.layers.BatchNormalization()(x)', 'shape ,28,3'],
    ['x = torch.randn(4, 3).cuda()\nnn.BatchNorm1d(3)(x)', 'shape 4,3'],
    ['x = np.random.randint(0, 9, (2, 3)).astype(np.float32)\nF.batch_norm(x, m, v)', 'shape 2,3'],
    ['x = jax.random.normal(key, (2, 3))\nhk.BatchNorm(True, True, .9)(x, True)', 'shape 2,3'],
    ['x = f(y)\ntf.layers.batch_normalization(x)', 'unknown f() is not evaluated'],
    ['nn.BatchNorm2d(3)', 'unknown the file does not say what the layer is called with'],
  ])('of %s', (text, expected) => {
    const { input } = only(text);
    const what =
      input.kind === 'tensor'
        ? input.tensor.shape
        : input.kind === 'shape'
          ? input.shape
          : input.reason;
    expect(`${input.kind} ${what.toString()}`).toBe(expected);
  });

  it('is what a placeholder is fed with, where that is in the file', () => {
    const { input } = only(
      [
        'img = np.array([[1., 2.], [3., 4.]])',
        'x = tf.placeholder(tf.float32, (1, 2, 2))',
        'y = tf.layers.batch_normalization(x)',
        'sess.run(y, feed_dict={x: np.expand_dims(img, 0)})',
      ].join('\n'),
    );
    expect(input).toMatchObject({ kind: 'tensor', tensor: { shape: [1, 2, 2] } });
  });
});

describe('the code of the question that Normscope answers', () => {
  // Written after Stack Overflow 50209310: its parameters and flags, a random image that is fed to a placeholder.
  const text = [
    'image = np.random.randint(0, 10, (2, 2, 4)).astype(np.float32)',
    'beta = np.ones((4)).astype(np.float32) * 1',
    'gamma = np.ones((4)).astype(np.float32) * 2',
    'moving_mean = np.zeros((4)).astype(np.float32)',
    'moving_var = np.ones((4)).astype(np.float32)',
    "pixels = tf.placeholder(tf.float32, shape=(1, 2, 2, 4), name='input')",
    'out = tf.layers.batch_normalization(',
    '    pixels,',
    '    beta_initializer=tf.constant_initializer(beta),',
    '    gamma_initializer=tf.constant_initializer(gamma),',
    '    moving_mean_initializer=tf.constant_initializer(moving_mean),',
    '    moving_variance_initializer=tf.constant_initializer(moving_var),',
    '    training=False, trainable=False)',
    'with tf.Session() as sess:',
    '    sess.run(out, feed_dict={pixels: np.expand_dims(image, 0)})',
  ].join('\n');

  it('is understood', () => {
    const { statement, input, channels } = only(text);
    const four = (value: number): Float64Array => new Float64Array(4).fill(value);
    expect(statement).toEqual({
      convention: 'tf1',
      training: false,
      trainable: false,
      parameters: { gamma: four(2), beta: four(1), movingMean: four(0), movingVariance: four(1) },
    });
    expect(channels).toBe(4);
    expect(input).toMatchObject({ kind: 'shape', shape: [1, 2, 2, 4] });
  });
});
