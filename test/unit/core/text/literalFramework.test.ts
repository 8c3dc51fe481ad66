import { describe, expect, it } from 'vitest';
import { findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { statedConvention } from '../../../../src/core/batchnorm/statement';
import {
  javascriptLanguage,
  pythonLanguage,
  textLanguage,
} from '../../../../src/core/text/literalLanguage';
import { findSiblings } from '../../../../src/core/text/literalSiblings';
import { findTensorLiteral } from '../../../../src/core/text/literals';

function convention(text: string, language = pythonLanguage): string | undefined {
  const literal = findTensorLiteral(text, text.indexOf('[['), language);
  const fallback = findConvention('keras3');
  if (!literal || !fallback.ok) throw new Error('there is no literal');
  const { statement } = findSiblings(text, literal, language);
  const stated = statedConvention(statement, fallback.value);
  return stated.ok ? stated.value.id : undefined;
}

describe('what makes a tensor means a convention', () => {
  it.each([
    ['x = torch.tensor([[1., 2.]])', 'pytorch'],
    ['w = nn.Parameter([[1., 2.]])', 'pytorch'],
    ['x = jnp.array([[1., 2.]])', 'flax'],
    ['x = np.array([[1., 2.]])', 'keras3'],
    ['x = tf.constant([[1., 2.]])', 'keras3'],
    ['x = [[1., 2.]]', 'keras3'],
  ])('in Python: %s', (text, expected) => {
    expect(convention(text)).toBe(expected);
  });

  it.each([
    ['tensor([[1., 2.]], grad_fn=<MulBackward0>)', 'pytorch'],
    ['Array([[1., 2.]], dtype=float32)', 'flax'],
    ['tf.Tensor([[1. 2.]], shape=(1, 2), dtype=float32)', 'keras3'],
    ['array([[1., 2.]])', 'keras3'],
  ])('where it was printed: %s', (text, expected) => {
    expect(convention(text, textLanguage)).toBe(expected);
  });

  it('in JavaScript', () => {
    expect(convention('const x = tf.tensor2d([[1, 2]])', javascriptLanguage)).toBe('tfjs');
    expect(convention('const x = [[1, 2]]', javascriptLanguage)).toBe('keras3');
  });

  it('but what is stated beside it counts more', () => {
    expect(convention('convention = "tf1"\nx = torch.tensor([[1., 2.]])')).toBe('tf1');
    expect(convention('running_mean = [0., 0.]\nx = np.array([[1., 2.]])')).toBe('pytorch');
  });

  it('and one that takes no tensor of that rank is not meant', () => {
    expect(convention('x = torch.tensor([[[[[[1., 2.]]]]]])')).toBe('keras3');
  });
});
