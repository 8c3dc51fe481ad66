import { describe, expect, it } from 'vitest';
import { conventions } from '../../../src/core/batchnorm/conventions/registry';
import { wrap } from '../../../src/cli/wrap';
import { runCli } from './terminal';

const lengthOf = (line: string): number => Array.from(line).length;

async function linesOf(...options: string[]): Promise<string[]> {
  const { status, out, complaints } = await runCli(['conventions', ...options]);
  expect([status, complaints]).toEqual([0, []]);
  return out.split('\n');
}

describe('conventions for a person', () => {
  it('is a table of one line each that fits 80 columns', async () => {
    const lines = await linesOf();
    for (const line of lines) expect(lengthOf(line), line).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^id +eps +momentum +moving variance +axis +flags +train +run$/);
    conventions.forEach((convention, i) => {
      const line = lines[i + 1] ?? '';
      expect(line.split(/ {2,}/)[0]).toBe(convention.id);
      expect(line.endsWith(convention.verifiedByRunning ? 'yes' : 'no')).toBe(true);
    });
    expect(lines).toContain(
      'tf1               1e-3  0.99      vB·n/max(n−1, 1)    -1  t, t+t    off    no',
    );
    expect(lines.find(line => line.startsWith('pytorch'))).toMatch(/1e-5 +0\.1 new +vB·n\/\(n−1\)/);
  });

  it('says in the legend what holds: trainable is on everywhere', () => {
    for (const { defaults } of conventions) expect(defaults.trainable).toBe(true);
  });

  it('has every rule in words with --full, in 80 columns too', async () => {
    const lines = await linesOf('--full');
    for (const line of lines) {
      // A path that is longer than a line stands alone on its own.
      const alone = line.trim().split(' ').length === 1;
      if (!alone) expect(lengthOf(line), line).toBeLessThanOrEqual(80);
    }
    const text = lines.join('\n').replace(/\n +(?=\S)/g, ' ');
    for (const { id, name, api, changes, badInput, execution, source, momentum } of conventions) {
      const start = text.indexOf(`${id}: ${name}`);
      const own = text.slice(start, text.indexOf('\n\n', start) >>> 0).replace(/ +/g, ' ');
      const said = [api, momentum.text, momentum.rounding, badInput, execution, source];
      for (const fact of [...said, ...changes.map(change => change.text)]) {
        expect(own, id).toContain(fact);
      }
    }
  });
});

describe('wrap', () => {
  it('breaks at blanks, and gives a longer word its own line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a longerThanThat b', 5)).toEqual(['a', 'longerThanThat', 'b']);
    expect(wrap('', 5)).toEqual(['']);
  });
});
