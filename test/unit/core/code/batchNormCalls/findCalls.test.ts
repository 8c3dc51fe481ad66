import { describe, expect, it } from 'vitest';
import { keras2 } from '../../../../../src/core/batchnorm/conventions/keras2';
import { tf1 } from '../../../../../src/core/batchnorm/conventions/tf1';
import type { BatchNormCall } from '../../../../../src/core/code/batchNormCalls/batchNormCall';
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

function found(text: string, language: CodeLanguage = pythonCode): readonly BatchNormCall[] {
  return findBatchNormCalls(codeFile(text, language), tf1);
}

function only(text: string, language: CodeLanguage = pythonCode): BatchNormCall {
  const [call, another] = found(text, language);
  if (!call || another) throw new Error('not one call');
  return call;
}

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

describe('the arguments of a call', () => {
  it('count by place, by name and by what the framework takes where nothing is said', () => {
    expect(only('nn.BatchNorm2d(4, 1e-3, momentum=None)').statement).toEqual({
      convention: 'pytorch',
      epsilon: 1e-3,
      momentum: null,
      parameters: {},
    });
    expect(only('slim.batch_norm(x, 0.9)').statement).toMatchObject({
      momentum: 0.9,
      training: true,
    });
    expect(only('slim.batch_norm(x)').statement).toMatchObject({ momentum: 0.999 });
    expect(only("hk.BatchNorm(True, True, 0.9, data_format='NC...')").statement).toMatchObject({
      momentum: 0.9,
      channelAxis: 1,
    });
    expect(
      only('hk.BatchNorm(True, True, 0.9, axis=(0, 1))').statement.channelAxis,
    ).toBeUndefined();
    expect(only('F.batch_norm(x, m, v, training=True)').statement.training).toBe(true);
  });

  it('turn Flax’s running averages round', () => {
    const { statement, decidesTraining } = only('nn.BatchNorm(use_running_average=True)');
    expect([statement.training, decidesTraining]).toEqual([false, true]);
  });

  it('are unknown where only a run would tell, and said so', () => {
    const { arguments: given, statement } = only(
      'def f(x, train):\n  return tf.layers.batch_normalization(x, training=train, momentum=m * 2)',
    );
    expect(given.map(({ role, text, unknown }) => [role, text, unknown])).toEqual([
      ['training', 'train', 'train is a parameter of its function'],
      ['momentum', 'm * 2', '* of what is no number and no tensor'],
    ]);
    expect(statement).not.toHaveProperty('momentum');
  });

  it('behind *args have no known place', () => {
    expect(only('nn.BatchNorm2d(*a, 0.5, eps=2)').statement).toEqual({
      convention: 'pytorch',
      epsilon: 2,
      parameters: {},
    });
  });

  it('of a layer that is called at once, or later, count too', () => {
    const at = only('y = tf.keras.layers.BatchNormalization(axis=1)(x, training=True)');
    expect(at.statement).toMatchObject({ channelAxis: 1, training: true });
    const later = only(
      'bn = tf.layers.BatchNormalization()\nbn.trainable = False\ny = bn(x, training=True)',
    );
    expect(later.statement).toMatchObject({ training: true });
    expect(later.layerName).toBe('bn');
    const method = only(
      'const bn = tf.layers.batchNormalization({ trainable: false });\nbn.apply(x, { training: true })',
      javascriptCode,
    );
    expect(method.statement).toMatchObject({ training: true, trainable: false });
  });
});

describe('the parameters of a call', () => {
  it.each([
    ['gamma_initializer="zeros"', [0]],
    ['gamma_initializer=tf.zeros_initializer()', [0]],
    ['gamma_initializer=tf.keras.initializers.Constant(3)', [3]],
    ['gamma_initializer=tf.constant_initializer(value=[1, 2])', [1, 2]],
    ['gamma_initializer=tf.constant_initializer(np.ones((2)) * 4)', [4, 4]],
    ['gamma_initializer=tf.ones_initializer', [1]],
    ['gamma_initializer=g', [5]],
    ['gamma_initializer=tf.random_normal_initializer()', undefined],
  ])('are read from %s', (argument, expected) => {
    const text = `g = tf.constant_initializer(5)\ntf.layers.batch_normalization(x, ${argument})`;
    const { gamma } = only(text).statement.parameters;
    expect(gamma && [...gamma]).toEqual(expected);
  });

  it('are read from values, dictionaries and objects', () => {
    const values = (call: BatchNormCall): unknown =>
      Object.fromEntries(
        Object.entries(call.statement.parameters).map(([name, numbers]) => [name, [...numbers]]),
      );
    expect(
      values(only('m = torch.zeros(2)\nF.batch_norm(x, m, torch.ones(2), weight=2, bias=None)')),
    ).toEqual({ movingMean: [0, 0], movingVariance: [1, 1], gamma: [2] });
    expect(
      values(only("slim.batch_norm(x, param_initializers={'gamma': tf.constant_initializer(5)})")),
    ).toEqual({ gamma: [5] });
    expect(
      values(
        only(
          "tf.layers.batchNormalization({ betaInitializer: tf.initializers.constant({ value: 2 }), gammaInitializer: 'ones' })",
          javascriptCode,
        ),
      ),
    ).toEqual({ beta: [2], gamma: [1] });
  });

  it('are those that code fills after the layer is made, until it is another', () => {
    const text = [
      'bn = nn.BatchNorm2d(2)',
      'nn.init.constant_(bn.weight, 2)',
      'bn.bias.data.fill_(1)',
      'bn.running_mean.copy_(torch.tensor([3., 4.]))',
      'bn.running_var = torch.ones(2) * 9',
      'bn.weight.requires_grad = False',
      'bn.eval()',
      'bn = nn.BatchNorm2d(2)',
      'nn.init.zeros_(bn.weight)',
      'nn.init.normal_(bn.bias)',
    ].join('\n');
    const [first, second] = found(text);
    expect(first?.statement).toEqual({
      convention: 'pytorch',
      training: false,
      trainable: false,
      parameters: {
        gamma: Float64Array.of(2),
        beta: Float64Array.of(1),
        movingMean: Float64Array.of(3, 4),
        movingVariance: Float64Array.of(9, 9),
      },
    });
    expect(second?.statement).toEqual({
      convention: 'pytorch',
      parameters: { gamma: Float64Array.of(0) },
    });
    expect(second?.arguments.at(-1)).toMatchObject({ role: 'beta', text: 'bn.bias' });
  });

  it('are those of a state that is loaded', () => {
    const torch = only(
      "bn = nn.BatchNorm1d(1)\nbn.load_state_dict({'weight': torch.tensor([2.]), 'bias': b})",
    );
    expect(torch.statement.parameters).toEqual({ gamma: Float64Array.of(2) });
    const keras = only(
      'bn = tf.keras.layers.BatchNormalization()\nbn.set_weights([[1.], [2.], [3.], [4.]])',
    );
    expect(keras.statement.parameters.movingVariance).toEqual(Float64Array.of(4));
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

describe('what a call leaves open is not told as known', () => {
  const open = (text: string, language: CodeLanguage = pythonCode): readonly string[] =>
    only(text, language).arguments.flatMap(({ role, unknown }) =>
      unknown === undefined ? [] : [role],
    );

  it('options that are not in sight', () => {
    expect(open('import torch.nn as nn\nnn.BatchNorm2d(64, eps=1e-3, **kw)')).toEqual(['momentum']);
    expect(open('import torch.nn as nn\nnn.BatchNorm2d(64, eps=1e-3)')).toEqual([]);
    const tfjs = "import * as tf from '@tensorflow/tfjs';\n";
    const call = (given: string): string => `${tfjs}tf.layers.batchNormalization(${given})`;
    expect(open(call('cfg'), javascriptCode)).toEqual(['channelAxis', 'momentum', 'epsilon']);
    expect(open(call('{ ...cfg, axis: 1 }'), javascriptCode)).toEqual(['momentum', 'epsilon']);
    expect(open(call('{ axis: 1 }'), javascriptCode)).toEqual([]);
  });

  it('defaults of an arg_scope', () => {
    const slim = 'import tf_slim as slim\n';
    const scope = 'with slim.arg_scope([slim.batch_norm], is_training=False):\n  ';
    expect(open(`${slim}${scope}slim.batch_norm(x, decay=0.9)`)).toContain('training');
    expect(open(`${slim}${scope}slim.batch_norm(x, decay=0.9)`)).not.toContain('momentum');
    expect(open(`${slim}slim.batch_norm(x)`)).toEqual([]);
  });

  it.each([
    [
      'another method',
      'class A:\n  def __init__(self):\n    self.bn = nn.BatchNorm2d(3)\n  def freeze(self):\n    self.bn.eval()',
    ],
    ['a branch', 'bn = nn.BatchNorm2d(3)\nif evaluating:\n  bn.eval()'],
    ['a layer that was used before', 'bn = nn.BatchNorm2d(3)\ntrain(bn)\nbn.eval()'],
  ])('the mode, where it is set in %s', (_, text) => {
    expect(only(`import torch.nn as nn\n${text}`).statement.training).toBeUndefined();
  });

  it('what a parameter of a function is', () => {
    const text = [
      'from torch import nn',
      'def a():',
      '  norm = nn.BatchNorm2d',
      '  return norm(3)',
      'def b(norm):',
      '  return norm(1e-3)',
      'def c(n, layer=None):',
      '  if layer is None:',
      '    layer = nn.BatchNorm2d',
      '  return layer(n)',
    ].join('\n');
    expect(found(text).map(({ wholeRange: { start } }) => text.slice(start, start + 7))).toEqual([
      'norm(3)',
    ]);
  });
});
