import { describe, expect, it } from 'vitest';
import {
  javascriptCode,
  pythonCode,
  type CodeLanguage,
} from '../../../../src/core/code/codeLanguage';
import { finish } from '../../../../src/core/code/steps';
import { tokenize } from '../../../../src/core/code/tokenize';

/** The tokens with a bar between them; a pilcrow is before those that start a line. */
function cut(text: string, language: CodeLanguage): string {
  const tokens = finish(tokenize(text, language));
  return Array.from(
    { length: tokens.count },
    (_, i) => (tokens.startsLine(i) ? '¶' : '') + tokens.textOf(i),
  ).join('|');
}

describe('tokenize', () => {
  it.each([
    ['names, numbers and marks', 'a = 1e-3 + .5*b_2', '¶a|=|1e-3|+|.5|*|b_2'],
    ['operators of two characters', 'x **= 2; y := a != b // c', '¶x|**=|2|;|y|:=|a|!=|b|//|c'],
    ['comments', 'a # b = "\n#c\nd', '¶a|¶d'],
    [
      'strings with a hash, a prefix and an escape',
      `x = rb'a#\\'b' + f"{y}"`,
      `¶x|=|rb'a#\\'b'|+|f"{y}"`,
    ],
    ['a string that is not closed', 'a = "b\nc', '¶a|=|"b|¶c'],
    ['docstrings', 'a\n"""b\n# "c" \\"""\n"""\nd', '¶a|¶"""b\n# "c" \\"""\n"""|¶d'],
    ['a joined line', 'a = \\\n  b\nc', '¶a|=|b|¶c'],
    ['a name that ends like a prefix', 'rub"x"', '¶rub|"x"'],
    ['lines of IPython', '%matplotlib inline\n!pip install "a \\\n  b[c\n?d\n  ?? e\nf?', '¶f|?'],
    ['what the shell gives', 'a = !ls (\nb = %sql c\nd', '¶a|=|¶b|=|¶d'],
    ['a statement that is timed', '%time a(b)\n%%timeit -n 3\nc', '¶a|(|b|)|¶-|n|3|¶c'],
    ['remainders in brackets', '(a\n % b)\nc % d', '¶(|a|¶%|b|)|¶c|%|d'],
    ['remainders in joined lines', 'a \\\n % b', '¶a|%|b'],
    ['a bracket that was forgotten', '(a\nimport b\n%c d', '¶(|a|¶import|b'],
  ])('cuts Python: %s', (_, text, expected) => {
    expect(cut(text, pythonCode)).toBe(expected);
  });

  it.each([
    ['comments', 'a // b\n/* c\n */ d', '¶a|¶d'],
    [
      'templates in templates',
      'a(`b${c ? `d}${{e: 1}.e}` : ""}f`)',
      '¶a|(|`b${c ? `d}${{e: 1}.e}` : ""}f`|)',
    ],
    [
      'a brace in a string of a template',
      "a(`b${c ? '{' : d}`); e",
      "¶a|(|`b${c ? '{' : d}`|)|;|e",
    ],
    ['a backquote that nothing closes', '<i>Don`t</i>\ne()', '¶<|i|>|Don|`t</i>|¶e|(|)'],
    ['a regular expression', 'x = /a[/"]b/g.test(y) / 2', '¶x|=|/a[/"]b/g|.|test|(|y|)|/|2'],
    ['arrows and optional chains', 'f = (a) => a?.b ?? c', '¶f|=|(|a|)|=>|a|?.|b|??|c'],
    ['names with dollars', '$x.y_$(1n)', '¶$x|.|y_$|(|1n|)'],
  ])('cuts JavaScript: %s', (_, text, expected) => {
    expect(cut(text, javascriptCode)).toBe(expected);
  });

  it('finds the token at an offset', () => {
    const tokens = finish(tokenize('  ab + c', pythonCode));
    expect([0, 2, 3, 5, 7, 99].map(offset => tokens.at(offset))).toEqual([-1, 0, 0, 1, 2, 2]);
  });

  it('takes time that grows with the text alone', () => {
    for (const text of ['"""'.repeat(300_000), '`${'.repeat(300_000), '('.repeat(900_000)]) {
      const start = performance.now();
      finish(tokenize(text, text.startsWith('`') ? javascriptCode : pythonCode));
      // Seconds where it is quadratic: the bound is far from what it takes, and far from that.
      expect(performance.now() - start).toBeLessThan(30_000);
    }
  });
});
