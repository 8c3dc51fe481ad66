import { describe, expect, it } from 'vitest';
import { pythonLanguage, textLanguage } from '../../../../src/core/text/literalLanguage';
import { findTensorLiteral } from '../../../../src/core/text/literals';
import { findSiblings } from '../../../../src/core/text/literalSiblings';

/** What there is at the mark `¦`, as a person reads it. */
function at(marked: string, language = pythonLanguage): string | undefined {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const found = findTensorLiteral(text, offset, language);
  if (!found) return undefined;
  const { content, range, name } = found;
  if (content.kind !== 'tensor')
    return 'problem' in content ? content.problem.message : content.kind;
  const { shape, data } = content.tensor;
  return `${name}|${text.slice(range.start, range.end)}|(${shape.join()})|${data.slice(0, 4).join()}`;
}

describe('a tensor that code constructs', () => {
  it.each([
    [
      'gamma = np.on¦es((4)).astype(np.float32)*2',
      'gamma|np.ones((4)).astype(np.float32)*2|(4)|2,2,2,2',
    ],
    ['x = np.ones((4¦)).astype(np.float32)*2', 'x|np.ones((4)).astype(np.float32)*2|(4)|2,2,2,2'],
    ['x = np.arange(16).resh¦ape(1,2,2,4)', 'x|np.arange(16).reshape(1,2,2,4)|(1,2,2,4)|0,1,2,3'],
    ['y = 2 * torch.¦ones(2, 2)', 'y|2 * torch.ones(2, 2)|(2,2)|2,2,2,2'],
    ['f(np.arr¦ay([[1, 2], [3, 4]]) * 10)', '|np.array([[1, 2], [3, 4]]) * 10|(2,2)|10,20,30,40'],
    ['s = 3\nx = torch.fu¦ll((2,), 0.5) * s', 'x|torch.full((2,), 0.5) * s|(2)|1.5,1.5'],
    ['def f():\n    s = 4\nx = torch.one¦s(2) * s', undefined],
    ['s = 3\ns += 1\nx = torch.one¦s(2) * s', undefined],
    [
      'x = np.ra¦ndom.randn(2, 2)',
      'The values of this tensor are not known: np.random.randn draws random numbers, seeded or not: only a run has them.',
    ],
    ['# x = np.on¦es(4)', undefined],
    ['x = y - np.on¦es(4)', undefined],
    ['x = np.array([[1, 2], [3,¦ 4]])', 'x|[[1, 2], [3, 4]]|(2,2)|1,2,3,4'],
    ['x = load(¦path)', undefined],
  ])('%s', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it('is none in a log', () => {
    expect(at('x = np.on¦es(4)', textLanguage)).toBeUndefined();
  });

  it('is read as what the layer of a tensor beside it has', () => {
    const text = [
      'scale = 2',
      'gamma = np.ones((4)).astype(np.float32)*scale',
      'beta = np.ones((4)).astype(np.float32)',
      'moving_mean = np.zeros((4)).astype(np.float32)',
      'moving_var = np.ones((4)).astype(np.float32)',
      'epsilon = 1e-3 * 2',
      'x = np.arange(16).reshape(1, 2, 2, 4)',
    ].join('\n');
    const literal = findTensorLiteral(text, text.indexOf('arange'), pythonLanguage);
    if (!literal) throw new Error('nothing found');
    const { statement } = findSiblings(text, literal, pythonLanguage);
    expect(statement).toMatchObject({
      epsilon: 2e-3,
      parameters: {
        gamma: Float64Array.of(2),
        beta: Float64Array.of(1),
        movingMean: Float64Array.of(0),
        movingVariance: Float64Array.of(1),
      },
    });
  });
});
