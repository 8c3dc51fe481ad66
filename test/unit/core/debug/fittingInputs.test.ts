import { describe, expect, it } from 'vitest';
import type {
  DescribedLayer,
  DescribedTensor,
  ListedValue,
} from '../../../../src/core/debug/answers';
import { fittingInputs } from '../../../../src/core/debug/fittingInputs';

function layer(type: string, channels: number, channelAxis: number): DescribedLayer {
  return { kind: 'layer', type, channels, statement: { channelAxis }, parameters: {}, notes: [] };
}

function tensor(
  expression: string,
  shape: readonly number[],
  dtype: DescribedTensor['dtype'] = 'float32',
): ListedValue {
  const value: DescribedTensor = {
    kind: 'tensor',
    type: 'Tensor',
    framework: 'PyTorch',
    shape,
    dtype,
    elements: 0,
    bytes: 0,
    device: 'cpu',
    requiresGrad: false,
    notes: [],
  };
  return { name: expression, expression, value };
}

const names = (of: DescribedLayer, listed: readonly ListedValue[]): string[] =>
  fittingInputs(of, listed).map(({ expression }) => expression);

describe('what a layer of a frame could be run over', () => {
  it('has its channels on its axis, and a rank that its class takes', () => {
    const listed = [
      tensor('matrix', [8, 2]),
      tensor('image', [8, 2, 4, 4]),
      tensor('last', [8, 4, 4, 2]),
      tensor('volume', [8, 2, 4, 4, 4]),
      tensor('vector', [2]),
    ];
    expect(names(layer('BatchNorm2d', 2, 1), listed)).toEqual(['image']);
    expect(names(layer('BatchNorm1d', 2, 1), listed)).toEqual(['matrix']);
    expect(names(layer('BatchNormalization', 2, -1), listed)).toEqual(['matrix', 'last']);
    expect(names(layer('SyncBatchNorm', 2, 1), listed)).toEqual(['matrix', 'image', 'volume']);
  });

  it('is likelier a float, then a variable, then of a usual name, then a parameter', () => {
    const listed = [
      tensor('labels', [8, 2], 'int64'),
      tensor("batch['image']", [8, 2]),
      tensor('first', [8, 2]),
      tensor('second', [8, 2], 'bfloat16'),
      tensor('x', [8, 2]),
    ];
    expect(names(layer('BatchNorm1d', 2, 1), listed)).toEqual([
      'x',
      'first',
      'second',
      "batch['image']",
      'labels',
    ]);
  });

  it('is no layer and nothing that is refused', () => {
    const listed: ListedValue[] = [
      { name: 'bn', expression: 'bn', value: layer('BatchNorm1d', 2, 1) },
      {
        name: 'm',
        expression: 'm',
        value: { kind: 'refused', reason: 'symbolic', message: 'it is symbolic' },
      },
    ];
    expect(names(layer('BatchNorm1d', 2, 1), listed)).toEqual([]);
  });
});
