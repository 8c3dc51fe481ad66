import { describe, expect, it } from 'vitest';
import type { BatchNormCall } from '../../../../../src/core/code/batchNormCalls/batchNormCall';
import {
  javascriptCode,
  pythonCode,
  type CodeLanguage,
} from '../../../../../src/core/code/codeLanguage';
import { found, only } from './foundCalls';

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

  it('are none of those that the layer does not have', () => {
    const keras = only(
      "keras.layers.BatchNormalization(scale=False, gamma_initializer='zeros', beta_initializer='ones')",
    );
    expect(keras.statement.parameters).toEqual({ beta: Float64Array.of(1) });
    const torch = only('bn = nn.BatchNorm2d(2, affine=False)\nbn.running_mean.fill_(3)');
    expect(torch.statement.parameters).toEqual({ movingMean: Float64Array.of(3) });
  });

  it('and numbers are those that are set after the layer is made', () => {
    const torch = only(
      'bn = nn.BatchNorm2d(2, eps=1e-3)\nbn.momentum = 0.01\nbn.eps = 1e-2\nbn.training = False\nbn.track_running_stats = False',
    );
    expect(torch.statement).toEqual({
      convention: 'pytorch',
      momentum: 0.01,
      epsilon: 0.01,
      training: false,
      tracking: 'frozen',
      parameters: {},
    });
    expect(torch.arguments.map(({ role, text }) => `${role} ${text}`)).toEqual([
      'channels 2',
      'momentum 0.01',
      'epsilon 1e-2',
      'moves False',
    ]);
    const none = only(
      'bn = nn.BatchNorm2d(2, track_running_stats=False)\nbn.track_running_stats = True',
    );
    expect(none.statement.tracking).toBe('none');
    const keras = only(
      'bn = tf.keras.layers.BatchNormalization()\nbn.momentum = 0.9\nbn.trainable = False',
    );
    expect(keras.statement).toMatchObject({ momentum: 0.9, trainable: false });
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

  it.each([
    ['in a branch', 'bn = nn.BatchNorm2d(3)\nif slow:\n  bn.momentum = 0.01'],
    [
      'in another method',
      'class A:\n  def a(self):\n    self.bn = nn.BatchNorm2d(3)\n  def b(self):\n    self.bn.momentum = 0.01',
    ],
    ['by a part', 'bn = nn.BatchNorm2d(3)\nbn.momentum *= 0.5'],
    [
      'of all layers of a loop',
      'net = nn.Sequential(nn.BatchNorm2d(3))\nfor m in net.modules():\n  if isinstance(m, nn.BatchNorm2d):\n    m.momentum = 0.01',
    ],
    [
      'by a function for batch norms',
      'net = nn.Sequential(nn.BatchNorm2d(3))\ndef f(m):\n  if isinstance(m, nn.modules.batchnorm._BatchNorm):\n    m.momentum = 0.01\nnet.apply(f)',
    ],
  ])('a number that is set later %s', (_, text) => {
    const call = only(`import torch.nn as nn\n${text}`);
    expect(call.statement.momentum).toBeUndefined();
    expect(open(`import torch.nn as nn\n${text}`)).toEqual(['momentum']);
  });

  it('no number that is set of something else', () => {
    const text =
      'bn = nn.BatchNorm2d(3)\ndef f(args):\n  args.momentum = 0.9\nfor group in optimizer.groups:\n  group.momentum = 0.9';
    expect(open(`import torch.nn as nn\n${text}`)).toEqual([]);
  });

  it('trainable, where it is set in a branch', () => {
    const text = 'bn = layers.BatchNormalization()\nif freeze:\n  bn.trainable = False';
    const call = only(`from keras import layers\n${text}`);
    expect(call.statement.trainable).toBeUndefined();
    expect(open(`from keras import layers\n${text}`)).toEqual(['trainable']);
  });

  it('the mode of a layer whose calls differ', () => {
    const text = 'bn = layers.BatchNormalization()\na = bn(x, training=True)\nb = bn(x)';
    const [stated] = only(`from keras import layers\n${text}`).arguments.slice(-1);
    expect(stated).toMatchObject({
      role: 'training',
      text: 'True in one call, nothing in another',
      unknown: 'the calls of the layer differ',
    });
    const same = text.replace('bn(x)', 'bn(y, training=True)');
    expect(open(`from keras import layers\n${same}`)).toEqual([]);
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
