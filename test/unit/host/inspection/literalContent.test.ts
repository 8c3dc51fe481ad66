import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import { readLiteral } from '../../../../src/host/inspection/literalContent';

const python = languageProfile('python');

describe('a literal as a source', () => {
  it('is its tensor, with what stands beside it', () => {
    const text = 'gamma = [2.0, 3.0]\nx = np.array([[1, 2], [3, 4]])\n';
    const read = readLiteral(text, text.indexOf('[[1'), python);
    expect(read).toMatchObject({
      ok: true,
      value: {
        kind: 'literal',
        name: 'x',
        tensor: { shape: [2, 2] },
        notes: ['Read beside it: gamma.'],
      },
    });
    if (read.ok && read.value.kind === 'literal') {
      expect(read.value.statement.parameters.gamma).toEqual(Float64Array.of(2, 3));
    }
  });

  it('has the mask that is said of it, and says where it counts', () => {
    const text = '{"x": [[1, 2], [3, 4]], "mask": [true, false]}';
    const read = readLiteral(text, text.indexOf('[[1'), languageProfile('json'));
    expect(read).toMatchObject({
      ok: true,
      value: {
        mask: { shape: [2], dtype: 'bool', data: Uint8Array.of(1, 0) },
        notes: [
          'Read beside it: mask.',
          'The mask has an effect in tf.keras 2 where it is not fused and in Keras 3 alone: elsewhere every element counts.',
        ],
      },
    });
  });

  it.each([
    ['x = [[1, 2], [3, 4]', 4, 'literal-broken'],
    ['x = 5', 4, 'literal-broken'],
    ['', 90, 'literal-broken'],
    ['x = np.array([[1, 2], [3]])', 13, 'ragged'],
  ])('says what is wrong in %s, and where', (text, offset, code) => {
    const read = readLiteral(text, offset, python);
    expect(read).toMatchObject({ ok: false, problem: { code } });
    if (!read.ok) expect(read.problem.range).toBeDefined();
  });

  it('asks for the whole tensor where it was printed with dots', () => {
    const text = 'tensor([[1., 2., ..., 9.],\n        [3., 4., ..., 9.]])';
    const read = readLiteral(text, 7, languageProfile('log'));
    expect(read).toMatchObject({ ok: false, problem: { code: 'literal-elided' } });
  });
});
