import { describe, expect, it } from 'vitest';
import { readJsonDocument } from '../../../../src/core/text/readJsonDocument';
import { layerNames, listTensors, readStatedLayer } from '../../../../src/core/text/jsonTensors';

function list(text: string): string[] {
  const { tensors, problems } = listTensors(readJsonDocument(text));
  const errors = problems.filter(({ severity }) => severity === 'error');
  return [
    ...tensors.map(({ name, tensor }) => `${name} ${tensor.shape.join('x')}`),
    ...errors.map(({ code }) => code),
  ];
}

describe('the tensors of a document', () => {
  it.each([
    ['[[1, 2]]', ['input 1x2']],
    ['{"a": [1, 2], "b": {"c": [[1]], "d": {"e": [3]}}, "f": 3}', ['a 2', 'b/c 1x1', 'b/d/e 1']],
    ['{"data": [1, 2, 3, 4], "shape": [2, 2]}', ['data 2x2', 'shape 2']],
    ['{"a": ["x", "y"], "b": [null], "c": [{"x": [1]}], "d": [1]}', ['d 1']],
    ['{"a": []}', ['a 0']],
    ['{"a": [[1], [1, 2]], "b": [1]}', ['a 2x1', 'b 1', 'row-ragged']],
    ['{"x": [1], "shape": [2]}', ['shape 1', 'shape-mismatch']],
    ['{"a": [1', ['bracket-unclosed']],
    ['7', []],
  ])('%s', (text, expected) => {
    expect(list(text)).toEqual(expected);
  });
});

describe('a layer in a document', () => {
  const text = `{
    "gamma": [9], "bn1": {"weight": [2], "running_var": [3], "stem": {"weight": [4]}},
    "bn2.weight": [5], "bn2.bias": [6], "bn2.weight.x": [1], "bn21.weight": [7]
  }`;
  const document = readJsonDocument(text);

  it.each([
    ['', { gamma: Float64Array.of(9) }],
    ['bn1', { gamma: Float64Array.of(2), movingVariance: Float64Array.of(3) }],
    ['bn1/stem', { gamma: Float64Array.of(4) }],
    ['bn2', { gamma: Float64Array.of(5), beta: Float64Array.of(6) }],
  ])('"%s"', (name, parameters) => {
    expect(readStatedLayer(document, name)?.statement.parameters).toEqual(parameters);
  });

  it('is not there under another name', () => {
    expect(readStatedLayer(document, 'bn')).toBeUndefined();
    expect(readStatedLayer(document, 'bn3')).toBeUndefined();
  });

  it('says where it says it', () => {
    const key = readStatedLayer(document, 'bn2')?.keys.beta;
    expect(key && text.slice(key.valueRange.start, key.valueRange.end)).toBe('[6]');
  });

  it('has its name listed', () => {
    expect(layerNames(document)).toEqual(['bn1', 'bn1/stem', 'bn2', 'bn2.weight', 'bn21']);
  });
});
