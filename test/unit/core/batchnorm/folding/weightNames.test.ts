import { describe, expect, it } from 'vitest';
import { biasOf, standsBefore } from '../../../../../src/core/batchnorm/folding/weightNames';

const tensors = (
  ...named: (readonly [string, ...number[]])[]
): { name: string; shape: number[] }[] => named.map(([name, ...shape]) => ({ name, shape }));

describe('the bias of a weight', () => {
  it.each([
    ['conv1.weight', 'conv1.bias'],
    ['model/conv2d/kernel:0', 'model/conv2d/bias:0'],
    ['conv2d/vars/0', 'conv2d/vars/1'],
    ['params/Conv_0/kernel', 'params/Conv_0/bias'],
  ])('of %s is %s', (weight, bias) => {
    expect(biasOf(weight, tensors([weight, 4, 3, 3, 3], ['other', 4], [bias, 4]), 4)).toBe(bias);
  });

  it('of a numbered one is the vector behind it', () => {
    const file = tensors(['onnx::Conv_1', 4, 3, 3, 3], ['onnx::Conv_2', 4], ['onnx::Conv_3', 4]);
    expect(biasOf('onnx::Conv_1', file, 4)).toBe('onnx::Conv_2');
  });

  it('is not that of another length, nor of another layer', () => {
    expect(
      biasOf('conv1.weight', tensors(['conv1.weight', 4, 3], ['conv1.bias', 8]), 4),
    ).toBeUndefined();
    expect(
      biasOf('conv1.weight', tensors(['conv1.weight', 4, 3], ['conv2.bias', 4]), 4),
    ).toBeUndefined();
    expect(
      biasOf('onnx::Conv_1', tensors(['onnx::Conv_1', 4, 3], ['onnx::Conv_2', 8]), 4),
    ).toBeUndefined();
  });
});

it.each([
  ['conv1.weight', 'bn1', true],
  ['layer1.0.conv2.weight', 'layer1.0.bn2', true],
  ['features.3.weight', 'features.4', true],
  ['downsample.0.weight', 'downsample.1', true],
  ['model/conv2d_3/kernel', 'model/batch_normalization_3', true],
  ['conv1.weight', 'bn2', false],
  ['features.3.weight', 'features.5', false],
  ['fc.weight', 'bn1', false],
  ['bn1', 'bn1', false],
])('%s stands before %s: %s', (weight, layer, expected) => {
  expect(standsBefore(weight, layer)).toBe(expected);
});
