import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../src/core/problem';
import { byImportance, ProblemList } from '../../../../src/core/text/problemList';

const range = { start: 1, end: 2 };

describe('a list of problems', () => {
  it('keeps up to its limit, and counts the rest', () => {
    const list = new ProblemList(2);
    const made: string[] = [];
    const message = (text: string) => () => {
      made.push(text);
      return text;
    };
    for (const text of ['a', 'b', 'c']) list.add('warning', 'odd', range, message(text));
    expect(list.hasErrors).toBe(false);
    list.addAll([{ code: 'odd', severity: 'error', message: 'd', range }]);
    list.omit(3);
    expect(list.hasErrors).toBe(true);
    expect(made).toEqual(['a', 'b']);
    expect(list.all().map(problem => problem.message)).toEqual([
      'a',
      'b',
      'And 5 more problems after this one.',
    ]);
  });

  it('says nothing of a rest that there is not', () => {
    const list = new ProblemList(1);
    expect(list.all()).toEqual([]);
    list.add('note', 'odd', range, () => 'a');
    expect(list.all()).toHaveLength(1);
  });
});

it('puts errors first, each kind as it stands in the text', () => {
  const at = (severity: Problem['severity'], start: number): Problem => ({
    code: `${severity}-${start}`,
    severity,
    message: '',
    range: { start, end: start },
  });
  const problems = [at('note', 0), at('warning', 1), at('error', 9), at('error', 3)];
  expect(byImportance(problems).map(({ code }) => code)).toEqual([
    'error-3',
    'error-9',
    'warning-1',
    'note-0',
  ]);
});
