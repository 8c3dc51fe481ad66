import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import { findTensorLiteral, literalInSelection } from '../../../../src/core/text/literals';

/** Shape of the literal at the mark `¦`, which is not part of the text. */
function shapeAt(marked: string, languageId: string): readonly number[] | undefined {
  const offset = marked.indexOf('¦');
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  const text = marked.replace('¦', '');
  const content = findTensorLiteral(text, offset, languageProfile(languageId))?.content;
  return content?.kind === 'tensor' ? content.tensor.shape : undefined;
}

const lines = (...text: readonly string[]): string => text.join('\n');

/** Documentation is where examples stand (docs/decisions/0050-where-literals-are-found.md). */
describe('literals in documentation', () => {
  it.each<[string, string, string]>([
    [
      'python',
      'a docstring',
      lines('def f(x):', '    """Adds.', '', '    [[1, 2], [3, ¦4]]', '    """'),
    ],
    ['python', 'its first line', '    """Makes [[1, 2], [3, ¦4]] of x.'],
    ['python', 'a docstring of one line', "    '''[[1, 2], [3, ¦4]]'''"],
    ['python', 'a line with an apostrophe', lines('"""', "the layer's [[1, 2], [3, ¦4]]", '"""')],
    ['python', 'a line with two', lines('"""', "the layer's [[1, 2], [3, ¦4]] isn't x", '"""')],
    ['python', 'an example', lines('"""', '>>> f(np.array([[1, 2], [3, ¦4]]))', '"""')],
    ['python', 'an example of two lines', lines('>>> x = [[1, 2],', '...      [3, ¦4]]')],
    ['python', 'its result', lines('>>> f(x)', 'array([[1, 2],', '       [3, ¦4]])')],
    ['typescript', 'a block comment', '/* [[1, 2], [3, ¦4]] */'],
    ['typescript', 'one of many lines', lines('/**', ' * Makes `[[1, 2], [3, ¦4]]`.', ' */')],
    ['typescript', 'one behind code', 'f(x); /* [[1, 2], [3, ¦4]] */'],
    ['jsonc', 'a block comment', lines('/*', '[[1, 2],', ' [3, ¦4]]', '*/', '{}')],
    ['typescript', 'a template of many lines', lines('const s = `x:', '  [[1, 2], [3, ¦4]]`;')],
  ])('%s, %s', (languageId, _, marked) => {
    expect(shapeAt(marked, languageId)).toEqual([2, 2]);
  });

  it.each<[string, string]>([
    ['python', '# [[1, 2], [3, ¦4]]'],
    ['python', 'x = 1  # it is [[1, 2], [3, ¦4]]'],
    ['python', 's = "[[1, 2], [3, ¦4]]"'],
    ['python', "s = r'[[1, 2], [3, ¦4]]'"],
    ['typescript', '// [[1, 2], [3, ¦4]]'],
    ['typescript', 'const s = `[[1, 2], [3, ¦4]]`;'],
    ['typescript', "return'[[1, 2], [3, ¦4]]'"],
    ['json', '{"text": "[[1, 2], [3, ¦4]]"}'],
    // An ellipsis is an ellipsis, where no line goes on with it.
    ['python', 'x = [[1, 2], ... [3, ¦4]]'],
  ])('but not %s: %s', (languageId, marked) => {
    expect(shapeAt(marked, languageId)).not.toEqual([2, 2]);
  });

  it('skips a block comment inside a literal, and reads it for itself', () => {
    expect(shapeAt('[[1, 2], /* [5, 6], */ [3, ¦4]]', 'typescript')).toEqual([2, 2]);
    expect(shapeAt('[[1, 2], /* [[5], [6¦]] */ [3, 4]]', 'typescript')).toEqual([2, 1]);
  });

  it('can be inspected from a selection', () => {
    const text = '/* [[1, 2], [3, 4]] */';
    const found = literalInSelection(text, { start: 3, end: 19 }, languageProfile('typescript'));
    expect(found.ok && found.value.range).toEqual({ start: 3, end: 19 });
  });
});
