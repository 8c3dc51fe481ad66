import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './terminal';

const fixtures = join(import.meta.dirname, '../../fixtures/confusions');

interface Found {
  readonly id: string;
  readonly message: string;
  readonly fix: string;
  readonly evidence: Readonly<Record<string, number | string>>;
}

/** What is found of a network and the export of it that a fixture is. */
async function foldError(name: string): Promise<{ status: number; found: Found }> {
  const files = ['original', name].map(one => join(fixtures, `13-${one}.pt`));
  const { status, out } = await runCli(['compare', ...files, '--layers-only', '--json']);
  const { findings } = JSON.parse(out) as { findings: Found[] };
  expect(findings.map(({ id }) => id)).toEqual(['fold-error']);
  return { status, found: findings[0] as Found };
}

describe('a fold that PyTorch was made to get wrong', () => {
  it.each([
    ['no-bias', 'bias-absent', /there is no bias/, /Give it the bias/],
    ['beta-alone', 'beta-alone', /the bias is beta alone/, /\(b − mean\)·scale/],
    ['deviation', 'variance-as-deviation', /the root was taken twice/, /once/],
    ['batch-statistics', 'other-statistics', /one batch \(training mode\)/, /model\.eval\(\)/],
  ])('%s is %s', async (name, mistake, text, fix) => {
    const { status, found } = await foldError(name);
    expect(status).toBe(1);
    expect(found.evidence.mistakes).toBe(mistake);
    expect(found.message).toMatch(text);
    expect(found.fix).toMatch(fix);
  });

  it('tells the statistics that were folded, which are those of the batch', async () => {
    const { evidence } = (await foldError('batch-statistics')).found;
    const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
      '13-folding': { batchMean: number[]; batchVariance: number[] };
    };
    const { batchMean, batchVariance } = expected['13-folding'];
    const channel = evidence.channel as number;
    expect(evidence.meanFolded).toBeCloseTo(batchMean[channel] as number, 4);
    expect(evidence.varianceFolded).toBeCloseTo(batchVariance[channel] as number, 4);
  });
});
