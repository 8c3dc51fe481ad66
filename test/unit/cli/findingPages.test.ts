import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pairFindingRules } from '../../../src/core/batchnorm/comparing/findings/registry';
import { fileFindingIds, findingIds } from '../../../src/core/batchnorm/diagnose/findingIds';
import { threadsOf } from '../../../src/core/batchnorm/diagnose/threads';
import { runCli } from './terminal';

const ids = [...fileFindingIds, ...findingIds];
/** Between two files; what the pairs themselves tell, and folds, have no rule of a pair. */
const compareIds = [
  'layers-exchanged',
  'layer-unpaired',
  'pairing-unsure',
  'fold-error',
  ...pairFindingRules.map(({ id }) => id),
  'folded',
];
const allIds = [...ids, ...compareIds];
const pages = 'docs/findings';
const examples = 'media/samples/findings';

interface Found {
  readonly id: string;
  readonly source: string;
}

const textOf = (name: string): string => readFileSync(path.join(pages, name), 'utf8');

/** The files of the command that a page gives as its example. */
const filesOf = (page: string): string[] =>
  /^normscope (?:doctor|compare) (.*)$/m.exec(page)?.[1]?.split(' ') ?? [];

/** What a command finds in the files of a page's example. */
async function foundIn(command: 'doctor' | 'compare', files: readonly string[]): Promise<Found[]> {
  const { out } = await runCli([command, ...files, '--json']);
  const printed = JSON.parse(out) as Found[] | { readonly findings: Found[] };
  return 'findings' in printed ? printed.findings : printed;
}

describe('the page of a finding', () => {
  it.each(allIds)('%s has an example in which it is found, and its threads', async id => {
    const page = textOf(`${id}.md`);
    expect(page).toMatch(new RegExp(`^# .+ \\(\`${id}\`\\)$`, 'm'));
    for (const part of ['How it is detected', 'What to do', '## Threads']) {
      expect(page).toContain(part);
    }
    const files = filesOf(page);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(file), file).toBe(true);
    const command = compareIds.includes(id) ? 'compare' : 'doctor';
    expect(page).toMatch(new RegExp(`^normscope ${command} `, 'm'));
    const found = (await foundIn(command, files)).find(finding => finding.id === id);
    expect(found).toBeDefined();
    for (const { url } of threadsOf(found?.source ?? '')) expect(page).toContain(url);
  });

  it('is in the index, in the order in which findings are shown', () => {
    const rows = textOf('README.md').match(/^\| \[`[\w-]+`\]/gm) ?? [];
    expect(rows.map(row => row.replace(/[^\w-]/g, ''))).toEqual(allIds);
  });

  it('is of a finding that there is', () => {
    const named = readdirSync(pages).map(name => name.replace(/\.md$/, ''));
    expect(named.filter(id => id !== 'README').sort()).toEqual([...allIds].sort());
  });

  it('is where each example belongs', () => {
    const used = new Set(allIds.flatMap(id => filesOf(textOf(`${id}.md`))));
    expect([...used].sort()).toEqual(
      readdirSync(examples)
        .map(name => path.join(examples, name))
        .sort(),
    );
  });
});
