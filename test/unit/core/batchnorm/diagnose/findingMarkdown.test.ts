import { describe, expect, it } from 'vitest';
import { evidenceLabel } from '../../../../../src/core/batchnorm/diagnose/evidenceLabel';
import {
  findingMarkdown,
  markdownTable,
} from '../../../../../src/core/batchnorm/diagnose/findingMarkdown';

describe('a finding in Markdown', () => {
  it('has its evidence and channels as tables, and its threads as links', () => {
    const text = findingMarkdown({
      id: 'drift',
      severity: 'warning',
      message: 'Apart.',
      channels: [1],
      evidence: { movingMean: 1.5, cause: 'a | b' },
      table: { channels: [1], columns: [{ label: 'drift', values: [2.25] }] },
      fix: 'Mend it.',
      source: 'pytorch#5406',
    });
    expect(text.split('\n')).toEqual([
      '#### warning: drift',
      '',
      'Apart.',
      '',
      '**Fix.** Mend it.',
      '',
      '| evidence | value |',
      '| --- | --- |',
      '| moving mean | 1.5 |',
      '| cause | a \\| b |',
      '',
      '| channel | drift |',
      '| --- | --- |',
      '| 1 | 2.25 |',
      '',
      'Threads: [pytorch#5406](https://github.com/pytorch/pytorch/issues/5406)',
    ]);
  });

  it('keeps names that are words already', () => {
    expect(evidenceLabel('TensorFlow 1, fused')).toBe('TensorFlow 1, fused');
    expect(evidenceLabel('epsilonTakenOff')).toBe('epsilon taken off');
  });

  it('has as many cells in a row as in its head', () => {
    expect(markdownTable(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});
