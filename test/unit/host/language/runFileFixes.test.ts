import { describe, expect, it } from 'vitest';
import { keras3 } from '../../../../src/core/batchnorm/conventions/keras3';
import { parseRunFile } from '../../../../src/core/text/parseRunFile';
import { fixesFor, nearestConvention, type Fix } from '../../../../src/host/language/runFileFixes';

function problemsOf(text: string): ReturnType<typeof list> {
  return list(text);
}

function list(
  text: string,
): { code: string; message: string; range: { start: number; end: number } }[] {
  const parsed = parseRunFile(text);
  const problems = parsed.ok ? parsed.value.problems : parsed.problems;
  return problems.map(({ code, message, range }) => ({
    code,
    message,
    range: range ?? { start: 0, end: 1 },
  }));
}

function apply(text: string, fix: Fix): string {
  return [...fix.edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce(
      (now, { range, text: put }) => now.slice(0, range.start) + put + now.slice(range.end),
      text,
    );
}

/** Each file has one problem, and the fix leaves none of its code. */
const cases: readonly (readonly [code: string, text: string, fixed: string])[] = [
  [
    'length-mismatch',
    '{\n  "input": [[[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]]],\n  "gamma": [1, 2, 3]\n}',
    '{\n  "input": [[[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], [5, 6]]],\n  "gamma": [1, 2, 3],\n  "axis": 1\n}',
  ],
  [
    'length-mismatch',
    '{"axis": 0, "input": [[1, 2, 3], [4, 5, 6]], "beta": [1, 2, 3]}',
    '{"axis": 1, "input": [[1, 2, 3], [4, 5, 6]], "beta": [1, 2, 3]}',
  ],
  [
    'length-mismatch',
    '{"data_format": "NCHW", "input": [[[[1, 2, 3]], [[4, 5, 6]]]], "beta": [1, 2, 3]}',
    '{"axis": 3, "input": [[[[1, 2, 3]], [[4, 5, 6]]]], "beta": [1, 2, 3]}',
  ],
  [
    'axis-out-of-range',
    '{"axis": 9, "input": [[1, 2, 3], [4, 5, 6]], "beta": [1, 2, 3]}',
    '{"axis": 1, "input": [[1, 2, 3], [4, 5, 6]], "beta": [1, 2, 3]}',
  ],
  [
    'unknown-convention',
    '{"convention": "torch", "input": [[1, 2], [3, 4]]}',
    '{"convention": "pytorch", "input": [[1, 2], [3, 4]]}',
  ],
  [
    'epsilon-invalid',
    '{"input": [[1, 2], [3, 4]], "epsilon": -1e-5}',
    '{"input": [[1, 2], [3, 4]], "epsilon": 0.00001}',
  ],
  [
    'epsilon-invalid',
    '{"input": [[1, 2], [3, 4]], "epsilon": NaN}',
    '{"input": [[1, 2], [3, 4]], "epsilon": 0.001}',
  ],
  [
    'momentum-invalid',
    '{"convention": "pytorch", "input": [[1, 2], [3, 4]], "momentum": 1.5}',
    '{"convention": "pytorch", "input": [[1, 2], [3, 4]], "momentum": 0.1}',
  ],
  [
    'single-value',
    '{"convention": "pytorch", "input": [[1, 2]], "training": true}',
    '{"convention": "pytorch", "input": [[1, 2]], "training": false}',
  ],
  [
    'single-value',
    '{"input": [[1, 2]], "running_mean": [0, 0]}',
    '{"input": [[1, 2]], "running_mean": [0, 0], "training": false}',
  ],
  [
    'key-unknown',
    '{"input": [[1, 2], [3, 4]], "moving_maen": [0, 0]}',
    '{"input": [[1, 2], [3, 4]], "moving_mean": [0, 0]}',
  ],
  ['key-unquoted', '{input: [[1, 2], [3, 4]]}', '{"input": [[1, 2], [3, 4]]}'],
  ['trailing-comma', '{"input": [[1, 2], [3, 4]],}', '{"input": [[1, 2], [3, 4]]}'],
  ['comma-missing', '{"input": [[1, 2] [3, 4]]}', '{"input": [[1, 2], [3, 4]]}'],
  ['comma-missing', '{"input": [[1, 2]]\n "axis": 1}', '{"input": [[1, 2]],\n "axis": 1}'],
  ['single-quotes', "{'input': [[1, 2]]}", '{"input": [[1, 2]]}'],
];

describe('quick fixes of run files', () => {
  it.each(cases)('mends %s in %s', (code, text, fixed) => {
    const problem = problemsOf(text).find(candidate => candidate.code === code);
    if (!problem) throw new Error(`${text} has ${JSON.stringify(problemsOf(text))}`);
    const [fix, ...others] = fixesFor(problem, text);
    if (!fix) throw new Error('no fix');
    expect(others).toEqual([]);
    const after = apply(text, fix);
    expect(after.replace('0.00001', '1e-5')).toBe(fixed.replace('0.00001', '1e-5'));
    expect(problemsOf(after).map(({ code: left }) => left)).not.toContain(code);
  });

  it.each([
    [
      'two axes fit',
      '{"axis": 0, "input": [[[1, 2], [3, 4]], [[1, 2], [3, 4]], [[1, 2], [3, 4]]], "beta": [1, 2]}',
    ],
    ['no axis fits', '{"input": [[1, 2], [3, 4]], "beta": [1, 2, 3]}'],
    [
      'parameters disagree',
      '{"input": [[1, 2, 3], [3, 4, 5]], "beta": [1, 2], "gamma": [1, 2, 3, 4]}',
    ],
    ['a ragged row', '{"input": [[1, 2], [3]]}'],
  ])('offers nothing where %s', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(fixesFor(problem, text)).toEqual([]);
  });

  it('uses the default convention of the setting', () => {
    const text = '{"input": [[1, 2], [3, 4]], "momentum": -3}';
    const problem = problemsOf(text).find(({ code }) => code === 'momentum-invalid');
    if (!problem) throw new Error('no problem');
    expect(fixesFor(problem, text, keras3)[0]?.title).toContain(keras3.name);
  });

  it.each([
    ['torch', 'pytorch'],
    ['PyTorch 2', 'pytorch'],
    ['tensorflow', 'tf1'],
    ['keras', 'keras2'],
    ['tensorflow.js', 'tfjs'],
    ['tf.keras', 'keras2'],
  ])('takes %s for %s', (written, id) => {
    expect(nearestConvention(written).id).toBe(id);
  });
});
