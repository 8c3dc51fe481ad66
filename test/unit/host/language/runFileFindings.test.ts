import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { findInRunFile, type FileFinding } from '../../../../src/host/language/runFileFindings';
import { InProcessEngine } from '../inspection/inProcessEngine';

const never = new AbortController().signal;
const sample = (id: string): string => readFileSync(`media/samples/findings/${id}.bn.json`, 'utf8');

function find(text: string): Promise<readonly FileFinding[]> {
  const engine = new InProcessEngine();
  const source = { kind: 'text', text, fallback: 'tf1' } as const;
  return findInRunFile(engine.client, { source, text, fallback: tf1 }, never);
}

async function found(text: string, id: string): Promise<FileFinding> {
  const all = await find(text);
  return all.find(({ problem }) => problem.code === id) ?? expect.fail(`${id} is not found`);
}

function mended(text: string, { fix }: FileFinding): string {
  const edits = [...(fix?.edits ?? [])].sort((a, b) => b.range.start - a.range.start);
  return edits.reduce(
    (now, { range, text: written }) => now.slice(0, range.start) + written + now.slice(range.end),
    text,
  );
}

/** The member that a finding marks, what its fix is called, and what it writes. */
const fixes: readonly (readonly [id: string, marked: string, title: string, written: string])[] = [
  ['momentum-meaning', '0.99', 'Set momentum to 0.01', '"momentum": 0.01'],
  ['non-finite-output', '0', 'Set epsilon to 0.001', '"epsilon": 0.001'],
  ['flags-meaning', 'true', 'Set training to false', '"training": false'],
  ['single-value', 'true', 'Set training to false', '"training": false'],
  [
    'negative-variance',
    '"moving_variance"',
    'Set moving variance as the finding says',
    '"moving_variance": [1, 1.103014801637068e-10, 9, 16]',
  ],
  [
    'zero-moving-variance',
    '"moving_variance"',
    'Set moving variance as the finding says',
    '"moving_variance": [1, 1, 9, 16]',
  ],
  [
    'undivided-sums',
    '"moving_mean"',
    'Set moving mean and moving variance as the finding says',
    '"moving_mean": [1, 2, -3, 4]',
  ],
  ['fix-gamma', '"gamma"', 'Set gamma as the finding says', '"gamma": [1, 1, 1, 1]'],
  ['ambiguous-axis', '"gamma"', 'Set the channel axis to 2', '"axis": 2'],
];

describe('findings of a run file', () => {
  it.each(fixes)('%s stands at its member, and its fix mends it', async (id, marked, title, as) => {
    const text = sample(id);
    const one = await found(text, id);
    const { start, end } = one.problem.range;
    expect(text.slice(start, end)).toBe(marked);
    expect(one.fix?.title).toBe(title);
    const after = mended(text, one);
    expect(after).toContain(as);
    // Of an axis that is stated nobody needs to be told.
    expect((await find(after)).map(({ problem }) => problem.code)).not.toContain(id);
  });

  it('whose fix is of the code stand there without one, and with what to do', async () => {
    const text = sample('drift');
    const { problem, fix } = await found(text, 'drift');
    expect(fix).toBeUndefined();
    expect(text.slice(problem.range.start, problem.range.end)).toBe('"moving_mean"');
    expect(problem.severity).toBe('warning');
    expect(problem.message).toContain('run more training steps');
  });

  it('are notes only where one change of the file answers them', async () => {
    expect(await find(sample('never-updated'))).toEqual([]);
    const stated = await find(sample('epsilon-matters'));
    expect(stated.map(({ problem }) => problem.code)).not.toContain('epsilon-matters');
    expect(await find(readFileSync('media/samples/seed.bn.json', 'utf8'))).toEqual([]);
  });

  it('are none of a file that cannot be run', async () => {
    expect(await find('{"input": [[1, 2], [3]]}')).toEqual([]);
    const refused = '{"convention": "pytorch", "training": true, "input": [[1, 2]]}';
    expect(await find(refused)).toEqual([]);
  });

  it('are told at the convention, or the input, where their member is not stated', async () => {
    const text =
      '{"convention": "tf1", "moving_var": [1e-4, 1], "moving_mean": [1, 2], "input": [[1, 2], [1.02, 4], [0.98, 1]]}';
    const { problem, fix } = await found(text, 'epsilon-matters');
    expect(text.slice(problem.range.start, problem.range.end)).toBe('"tf1"');
    expect(fix?.edits[0]?.text).toBe(', "epsilon": 1e-5');
  });
});
