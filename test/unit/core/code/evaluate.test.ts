import { describe, expect, it } from 'vitest';
import { evaluateExpression, evaluateTensor } from '../../../../src/core/code/evaluate';
import type { Evaluation } from '../../../../src/core/code/evaluation';
import { javascriptLanguage, pythonLanguage } from '../../../../src/core/text/literalLanguage';

const variables: Readonly<Record<string, Evaluation>> = {
  scale: { kind: 'number', value: 3 },
  gamma: { kind: 'tensor', shape: [2], dtype: 'float32', values: Float64Array.of(1, 2) },
};

function evaluate(text: string, language = pythonLanguage): Evaluation {
  return evaluateTensor(evaluateExpression(text, 0, language, { lookup: name => variables[name] }));
}

/** `shape: values`, or why there are none. */
function told(text: string, language = pythonLanguage): string {
  const value = evaluate(text, language);
  if (value.kind === 'tensor') return `(${value.shape.join(', ')}): ${[...value.values].join(' ')}`;
  if (value.kind === 'unknown') return value.reason;
  return 'value' in value ? String(value.value) : value.kind;
}

describe('what Python says of a tensor', () => {
  // Each of these was run with NumPy 1.24 and PyTorch 1.13.
  it.each([
    ['np.ones((4)).astype(np.float32)*2', '(4): 2 2 2 2'],
    ['torch.zeros(3)', '(3): 0 0 0'],
    ['torch.ones(2, 2) / 4', '(2, 2): 0.25 0.25 0.25 0.25'],
    ['np.arange(4).reshape(1, 2, 2)', '(1, 2, 2): 0 1 2 3'],
    ['np.arange(2, 3, 0.25)', '(4): 2 2.25 2.5 2.75'],
    ['np.arange(6).reshape((2, -1)).T', '(3, 2): 0 3 1 4 2 5'],
    ['np.full((2, 2), -1.5)', '(2, 2): -1.5 -1.5 -1.5 -1.5'],
    ['tf.fill([3], 7.)', '(3): 7 7 7'],
    ['np.linspace(0, 1, 5)', '(5): 0 0.25 0.5 0.75 1'],
    ['np.linspace(0, 1, num=4, endpoint=False)', '(4): 0 0.25 0.5 0.75'],
    ['np.eye(2)', '(2, 2): 1 0 0 1'],
    ['np.eye(2, 3)', '(2, 3): 1 0 0 0 1 0'],
    ['torch.tensor([[1, 2], [3, 4]]).float() * scale', '(2, 2): 3 6 9 12'],
    ['np.array([[1, 2], [3, 4]]) + np.array([10, 20])', '(2, 2): 11 22 13 24'],
    ['np.ones((2, 1)) * np.arange(3)', '(2, 3): 0 1 2 0 1 2'],
    ['nn.Parameter(torch.full((2,), 0.1))', '(2): 0.10000000149011612 0.10000000149011612'],
    ['tf.constant(2., shape=[2])', '(2): 2 2'],
    ['np.zeros_like(gamma)', '(2): 0 0'],
    ['gamma.reshape(2, 1)', '(2, 1): 1 2'],
    ['2 ** gamma', '(2): 2 4'],
    ['-gamma + 1', '(2): 0 -1'],
    ['np.float32(0.1)', '0.10000000149011612'],
    ['torch.tensor([0.1]).half()', '(1): 0.0999755859375'],
    ['torch.tensor([0.1]).bfloat16()', '(1): 0.10009765625'],
    ['torch.tensor([65519., 65520.]).half()', '(2): 65504 Infinity'],
    ["np.array([1.7, -1.7]).astype('int32')", '(2): 1 -1'],
    ['np.transpose(gamma)', 'np.transpose() is not evaluated'],
    ['[[1, 2], [3, np.nan]]', '(2, 2): 1 2 3 NaN'],
    ['np.ones(\n    (2),  # channels\n    dtype=np.float32,\n)', '(2): 1 1'],
  ])('%s', (text, expected) => {
    expect(told(text)).toBe(expected);
  });
});

describe('what JavaScript says of a tensor', () => {
  it.each([
    ['tf.ones([2, 2]).mul(3)', '(2, 2): 3 3 3 3'],
    ['tf.zeros([2])\n  .add(1)', '(2): 1 1'],
    ['tf.tensor1d([1, 2])', '(2): 1 2'],
    ['tf.tensor([1, 2, 3, 4], [2, 2])', '(2, 2): 1 2 3 4'],
    ['new Float32Array([0.5, 1])', '(2): 0.5 1'],
    ['tf.linspace(0, 1, 3)', '(3): 0 0.5 1'],
  ])('%s', (text, expected) => {
    expect(told(text, javascriptLanguage)).toBe(expected);
  });
});

describe('what only a run knows', () => {
  it.each([
    [
      'np.random.randn(2, 2)',
      'np.random.randn draws random numbers, seeded or not: only a run has them',
    ],
    ['torch.randn(3) * 2', 'torch.randn draws random numbers, seeded or not: only a run has them'],
    ['np.empty(3)', 'np.empty leaves its memory as it is'],
    ['load(path)', 'load() is not evaluated'],
    ['gamma[0]', 'parts of tensors are not evaluated'],
    ['gamma if scale else 1', 'it is part of an expression that is not evaluated'],
    ['gamma @ gamma', 'it is part of an expression that is not evaluated'],
    ['gamma // 2', 'it is part of an expression that is not evaluated'],
    ['[1, 2] * 2', '* of a list'],
    ['np.ones((2, 3)) + np.ones((2, 2))', 'shapes (2, 3) and (2, 2) do not fit'],
    ['np.arange(5).reshape(2, 2)', '5 elements do not make (2, 2)'],
    ['np.ones(10**9)', 'it has 1000000000 elements, and 1048576 is the most that is evaluated'],
    ['np.ones((2.5,))', '(2.5) is not a shape'],
    ['np.ones(-1)', '(-1) is not a shape'],
    ['[[1, 2], [3]]', 'its rows are not of one length'],
    ['(x for x in y)', 'what is listed in it is not evaluated'],
    ["f'{x}'", 'it is part of an expression that is not evaluated'],
    ['', 'it ends too soon'],
    ['np.ones(4', 'an argument of it is not evaluated'],
    ['('.repeat(99), 'it is nested too deep'],
    ['-'.repeat(99), 'it is nested too deep'],
  ])('%s', (text, reason) => {
    expect(told(text)).toContain(reason);
  });

  it('is said within bounds of anything', () => {
    const texts = [
      'np.ones(('.repeat(9999),
      `[${'1,'.repeat(99_999)}]`,
      '1+'.repeat(99_999),
      '"'.repeat(9),
    ];
    for (const text of texts) {
      const begin = performance.now();
      expect(evaluate(text).kind).toBe('unknown');
      expect(performance.now() - begin).toBeLessThan(2000);
    }
  });
});

it('ends where its expression does', () => {
  const ends = (text: string): string =>
    text.slice(0, evaluateExpression(text, 0, pythonLanguage).end);
  expect(ends('np.ones(4) * 2  # gamma\nx = 3')).toBe('np.ones(4) * 2');
  expect(ends('-np.ones(4)\n- 3')).toBe('-np.ones(4)');
  expect(ends('np.ones(4), 3)')).toBe('np.ones(4)');
});
