import { describe, expect, it } from 'vitest';
import { resolveOnFittingAxis } from '../../../../src/core/batchnorm/fittingAxis';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import { readRunFile } from '../../../../src/core/text/parseRunFile';
import type { RunFile } from '../../../../src/core/text/runFile';
import { checkRunFile } from '../../../../src/core/text/runFileChecks';
import { convention } from './seed';

const keras = convention('keras3');
const of = (channels: number, more: Partial<Statement> = {}): Statement => ({
  parameters: { gamma: new Float64Array(channels).fill(1) },
  ...more,
});

/** The axis, or the code of the problem. */
function axisOf(statement: Statement, shape: readonly number[]): number | string {
  const resolved = resolveOnFittingAxis(statement, shape, keras);
  return resolved.ok ? resolved.value.layer.channelAxis : resolved.problem.code;
}

describe('the axis that parameters fit', () => {
  it('is the convention’s own where they do', () => {
    expect(axisOf(of(4), [2, 4, 3, 4])).toBe(3);
  });

  it('is another where only that one has as many channels', () => {
    expect(axisOf(of(4), [2, 4, 3, 3])).toBe(1);
  });

  it.each([
    ['an axis is stated', of(4, { channelAxis: 2 }), [2, 4, 3, 3]],
    ['two fit', of(4), [2, 4, 4, 3]],
    ['samples alone fit', of(4), [4, 2, 3]],
    ['none fits', of(5), [2, 4, 3, 3]],
    [
      'lengths differ',
      of(4, { parameters: { gamma: new Float64Array(4), beta: new Float64Array(3) } }),
      [2, 4, 5],
    ],
  ] as const)('is not looked for where %s', (_, statement, shape) => {
    expect(axisOf(statement, shape)).toBe('length-mismatch');
  });

  it('lets a run file be shown, with the problem still told', () => {
    const text = (channels: number): string =>
      JSON.stringify({
        input: [
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        ],
        gamma: new Array(channels).fill(1),
      });
    const read = (channels: number): RunFile => {
      const file = readRunFile(text(channels));
      return file.ok ? file.value : expect.fail('cannot be read');
    };
    const checks = checkRunFile(read(3), keras);
    expect(checks.ok).toBe(true);
    expect(checks.problems.map(({ code }) => code)).toEqual(['length-mismatch']);
    expect(checkRunFile(read(5), keras).ok).toBe(false);
  });
});
