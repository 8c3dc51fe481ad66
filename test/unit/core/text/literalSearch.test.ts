import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import { literalInSelection } from '../../../../src/core/text/literals';
import {
  defaultWork,
  searchLiterals,
  type LiteralSearch,
  type SearchOptions,
} from '../../../../src/core/text/literalSearch';

function search(text: string, languageId: string, options?: SearchOptions): LiteralSearch {
  return searchLiterals(text, whole(text), languageProfile(languageId), options);
}

function whole(text: string): { start: number; end: number } {
  return { start: 0, end: text.length };
}

function spelled(text: string, languageId: string): string[] {
  return search(text, languageId).literals.map(({ range }) => text.slice(range.start, range.end));
}

const hostile: [name: string, text: string][] = [
  ['brackets alone', '['.repeat(100_000)],
  ['unfinished rows', '[[1,2],[3,4]\n'.repeat(40_000)],
  ['ever deeper', '[1,2,[3,'.repeat(50_000)],
  ['deep runs in a row', `[1, ${'['.repeat(32)} x `.repeat(5_000)],
  ['a log', 'step [1, 2 loss\n'.repeat(60_000)],
  ['quotes that nothing closes', `" ' ${"\\' ".repeat(50_000)}`],
];

describe('what a search costs', () => {
  const languages = ['plaintext', 'python', 'json', 'typescript'];
  const cases = hostile.flatMap(([name, text]) => languages.map(id => [name, id, text] as const));

  it.each(cases)('%s, as %s: a few looks at each character', (_, id, text) => {
    // Each literal found or passed over costs its context; these texts have at most two a row.
    const { work, complete, literals } = search(text, id, { limit: text.length });
    expect(complete).toBe(true);
    expect(work - literals.length * 256).toBeLessThan(12 * text.length);
  });

  it.each(cases)('%s, as %s: a selection of it all is answered', (_, id, text) => {
    const began = performance.now();
    const found = literalInSelection(text, whole(text), languageProfile(id));
    expect(performance.now() - began).toBeLessThan(4000);
    expect(found.ok).toBe(false);
  });

  it('stops where the work runs out, and says so', () => {
    const text = '[1, 2 x '.repeat(1000);
    const { complete, work } = search(text, 'plaintext', { work: 1000 });
    expect(complete).toBe(false);
    expect(work).toBeGreaterThanOrEqual(1000);
    expect(work).toBeLessThan(1100);
  });

  it('refuses a selection too large to search', () => {
    const text = ' '.repeat(defaultWork + 1);
    const found = literalInSelection(text, whole(text), languageProfile('plaintext'));
    expect(found.ok ? 'found' : found.problem.code).toBe('selection-too-large');
  });

  it('stops after as many literals as are wanted', () => {
    const text = '[1, 2] '.repeat(10_000);
    const { literals, complete, work } = search(text, 'plaintext', { most: 2 });
    expect([literals.length, complete]).toEqual([2, true]);
    expect(work).toBeLessThan(1000);
  });
});

describe('what a search finds among what it cannot read', () => {
  it.each([
    ['json', '[[1, 2], "x", [3, 4, 5]]', ['[1, 2]', '[3, 4, 5]']],
    ['plaintext', '[[1,2],[3,4]\n[[5, 6]]', ['[1,2]', '[3,4]', '[[5, 6]]']],
    ['plaintext', 'step [1, 2 loss [[3, 4]]', ['[[3, 4]]']],
    ['plaintext', `${'[1, '.repeat(32)}[[2, 3]] x`, ['[[2, 3]]']],
    ['python', `${'['.repeat(40)}1${']'.repeat(40)}\nx = [[1, 2]]`, ['[[1, 2]]']],
    ['python', `[0, ${'['.repeat(32)}1${']'.repeat(32)}]`, [`${'['.repeat(32)}1${']'.repeat(32)}`]],
    ['python', '"[1, 2]" # [3, 4]\nx = [5, 6]', ['[5, 6]']],
    ['python', '"""The layer\'s [[1, 2]]."""', ['[[1, 2]]']],
    ['python', "x = r'[1, 2]' + f'[3, 4]'", []],
    ['typescript', "return'[1, 2]' + `[3, 4]` // it's\n[5, 6]", ['[5, 6]']],
  ])('%s: %s', (id, text, literals) => {
    expect(spelled(text, id)).toEqual(literals);
  });

  it('passes over the string or comment that the range starts in', () => {
    const text = 'a = "[1, 2] [3" # [4, 5]\nb = [6, 7]';
    for (const start of [6, 18]) {
      const { literals } = searchLiterals(
        text,
        { start, end: text.length },
        languageProfile('python'),
      );
      expect(literals.map(({ range }) => text.slice(range.start, range.end))).toEqual(['[6, 7]']);
    }
  });
});
