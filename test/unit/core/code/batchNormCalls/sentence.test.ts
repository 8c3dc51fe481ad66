import { describe, expect, it } from 'vitest';
import { tf1 } from '../../../../../src/core/batchnorm/conventions/tf1';
import { findBatchNormCalls } from '../../../../../src/core/code/batchNormCalls/findCalls';
import { callSentence, callShape } from '../../../../../src/core/code/batchNormCalls/sentence';
import { codeFile } from '../../../../../src/core/code/codeFile';
import { javascriptCode, pythonCode } from '../../../../../src/core/code/codeLanguage';

function said(text: string, language = pythonCode): string {
  const [call] = findBatchNormCalls(codeFile(text, language), tf1);
  if (!call) throw new Error('no call');
  const sentence = callSentence(call);
  return sentence.ok ? sentence.value.text : sentence.problem.message;
}

describe('callSentence', () => {
  it.each([
    [
      'tf.layers.batch_normalization(x, training=True, trainable=False)',
      "The batch's own mean and variance normalise, because training=True selects them whatever trainable says; the moving statistics stay, because since TF 1.6 a layer with trainable=False collects no UPDATE_OPS (up to TF 1.5 they would move); gamma and beta are frozen; momentum 0.99 (0.01 in PyTorch), epsilon 0.001, channel axis −1.",
    ],
    [
      'nn.BatchNorm2d(64, momentum=0.01)',
      "In train() the batch's own mean and variance normalise and the moving statistics take the batch in, and in eval() the moving mean and variance normalise and stay as they are; momentum 0.01 (0.99 in TensorFlow 1), epsilon 0.00001, channel axis 1.",
    ],
    [
      'nn.BatchNorm2d(64, track_running_stats=False, momentum=None)',
      "The batch's own mean and variance normalise and the moving statistics stay; momentum None (the plain average of all batches), epsilon 0.00001, channel axis 1.",
    ],
    [
      'nn.BatchNorm(use_running_average=not train)',
      "Where use_running_average (not train) is false the batch's own mean and variance normalise and the moving statistics take the batch in, and where it is true the moving mean and variance normalise and stay as they are; momentum 0.99 (0.01 in PyTorch), epsilon 0.00001, channel axis −1.",
    ],
    [
      'F.batch_norm(x, m, v, momentum=mom)',
      'The moving mean and variance normalise and stay as they are; momentum mom, epsilon 0.00001, channel axis 1.',
    ],
    [
      'tf.nn.batch_normalization(x, m, v, None, None, 1e-3)',
      'The mean and variance that it is given normalise and nothing else changes; epsilon 0.001, channel axis −1.',
    ],
    [
      'nn.BatchNorm2d(64, track_running_stats=track)',
      "In train() the batch's own mean and variance normalise and the moving statistics take the batch in, and in eval() the moving mean and variance normalise and stay as they are; momentum 0.1 (0.9 in TensorFlow 1), epsilon 0.00001, channel axis 1; track_running_stats (track) is taken for true.",
    ],
    [
      'bn = keras.layers.BatchNormalization()\na = bn(x, training=True)\nb = bn(x, training=False)',
      "Where training (True in one call, False in another) is true the batch's own mean and variance normalise and the moving statistics take the batch in, and where it is false the moving mean and variance normalise and stay as they are; momentum 0.99 (0.01 in PyTorch), epsilon 0.001, channel axis −1.",
    ],
    [
      'nn.BatchNorm2d(64, momentum=2)',
      'Momentum is 2: in PyTorch it is the weight of the new value, from 0 to 1.',
    ],
  ])('of %s', (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  it.each(['10**12', '1e9', '2.5', '0', '1048577'])('of %s channels, which no layer has', count => {
    const [call] = findBatchNormCalls(codeFile(`nn.BatchNorm2d(${count})`, pythonCode), tf1);
    expect(call?.channels).toBeUndefined();
    expect(call?.arguments[0]?.unknown).toBe(
      'a number of channels is an integer from 1 to 1048576',
    );
    expect(said(`nn.BatchNorm2d(${count})`)).toBe(said('nn.BatchNorm2d(64)'));
  });

  it('says of sizes that are none that the shape is not known', () => {
    expect(said('tf.layers.batch_normalization(tf.placeholder(tf.float32, [2, 2.5]))')).toBe(
      said('tf.layers.batch_normalization(x)'),
    );
  });

  it('says what TensorFlow.js does with trainable', () => {
    const text = 'tf.layers.batchNormalization({ trainable: false }).apply(x, { training: true })';
    expect(said(text, javascriptCode)).toContain('without looking at trainable');
  });
});

describe('callShape', () => {
  it.each([
    ['nn.BatchNorm3d(5)', [8, 5, 4, 4, 4]],
    ['nn.BatchNorm1d(5)', [32, 5]],
    ['nn.BatchNorm2d(5)', [8, 5, 8, 8]],
    ['nn.BatchNorm2d(1048576)', [8, 1048576, 1, 1]],
    ['nn.BatchNorm3d(1048576)', [8, 1048576, 1, 1, 1]],
    ['nn.BatchNorm1d(1048576)', [4, 1048576]],
    ['tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 3, None, 7]))', [8, 3, 4, 7]],
  ])('of %s', (text, expected) => {
    const [call] = findBatchNormCalls(codeFile(text, pythonCode), tf1);
    expect(call && callShape(call)).toEqual(expected);
  });
});
