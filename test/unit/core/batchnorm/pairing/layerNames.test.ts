import { describe, expect, it } from 'vitest';
import {
  bareName,
  isCountedName,
  layerOrder,
  plainName,
} from '../../../../../src/core/batchnorm/pairing/layerNames';

it('bare names are without wrappers', () => {
  expect(bareName('module._orig_mod.layer1.0.bn1')).toBe('layer1.0.bn1');
  expect(bareName('modules.bn1')).toBe('modules.bn1');
});

it.each([
  ['batch_normalization', true],
  ['batch_normalization_12', true],
  ['model/batch_normalization_v1_3', true],
  ['conv1_bn', false],
  ['batch_normalization_12/extra', false],
  ['my_batch_normalization', false],
])('%s is counted by Keras: %s', (name, expected) => {
  expect(isCountedName(name)).toBe(expected);
});

describe('plain names', () => {
  it.each([
    ['layer1.0.bn1', 'layer 1 0 bn 1'],
    ['layer1_block0_bn1', 'layer 1 0 bn 1'],
    ['Layer1/Block0/BatchNorm1', 'layer 1 0 bn 1'],
    ['module.layers.1.batch_norm', 'layer 1 bn'],
    ['conv1_bn', 'conv 1 bn'],
    ['bn_conv1', 'conv 1 bn'],
    ['encoder.stem.norm', 'encoder stem bn'],
    ['stages.1.blocks.0.norm2', '1 0 bn 2'],
    ['renormed.bn', 'renormed bn'],
    ['', ''],
  ])('%s', (name, expected) => {
    expect(plainName(name)).toBe(expected);
  });
});

describe('the order of layers', () => {
  it('is that of the file', () => {
    expect(layerOrder(['bn1', 'layer1.bn', 'fc.bn', 'bn2'])).toEqual([0, 1, 2, 3]);
  });

  it('is that of numbers where the file has an alphabet’s', () => {
    expect(layerOrder(['bn', 'bn_1', 'bn_10', 'bn_2'])).toEqual([0, 1, 3, 2]);
  });
});
