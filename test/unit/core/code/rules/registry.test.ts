import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeRules } from '../../../../../src/core/code/rules/registry';
import { ruleIds } from '../../../../../src/core/code/rules/ruleIds';
import { expectedIn, findingsIn, fixed, namesOf, places, textOf } from './ruleFixtures';

const fixtures = namesOf();

describe('the rules for code', () => {
  it('each have fixtures that they find fault with, and that they do not', () => {
    for (const id of ruleIds) {
      const own = fixtures.filter(name => name.startsWith(`${id}.`));
      expect(own.filter(name => name.includes('.bad.'))).not.toEqual([]);
      expect(own.filter(name => name.includes('.good.'))).not.toEqual([]);
    }
    expect(codeRules.map(({ id }) => id)).toEqual(ruleIds);
  });

  it('are each a setting, and there is no setting besides', () => {
    const manifest = readFileSync(join(__dirname, '../../../../../package.json'), 'utf8');
    const named = [...manifest.matchAll(/"normscope\.rules\.([\w-]+)": \{/g)].map(([, id]) => id);
    expect(named).toEqual(ruleIds);
  });

  it.each(ruleIds)('%s has a page that cites a thread, and shows wrong and right', id => {
    const page = readFileSync(join(__dirname, `../../../../../docs/rules/${id}.md`), 'utf8');
    expect(page).toContain(`# ${id}\n`);
    expect(page).toMatch(/https:\/\/github\.com\/[\w.-]+\/[\w.-]+\/(?:issues|pull)\/\d+/);
    for (const heading of ['Where it comes from', 'Wrong', 'Right', 'When it is silent']) {
      expect(page).toContain(`\n## ${heading}\n`);
    }
  });

  it.each(fixtures)('find in %s what it says, and nothing else', name => {
    const text = textOf(name);
    const expected = expectedIn(text);
    expect(places(text, findingsIn(name, text))).toEqual(expected);
    expect(expected.length > 0).toBe(name.includes('.bad.'));
  });

  it.each(fixtures)('mend %s by their fixes', name => {
    const text = textOf(name);
    for (const { fix, ruleId, range } of findingsIn(name, text)) {
      if (!fix) continue;
      const mended = fixed(text, fix);
      const left = findingsIn(name, mended).filter(finding => finding.ruleId === ruleId);
      const before = findingsIn(name, text).filter(finding => finding.ruleId === ruleId);
      expect(left.length, `${ruleId} at ${range.start}:\n${mended}`).toBeLessThan(before.length);
    }
  });

  it('say what is wrong, what happens and what would be right', () => {
    const findings = fixtures.flatMap(name => findingsIn(name, textOf(name)));
    for (const { message } of findings) {
      expect(message.split('. ').length).toBeGreaterThanOrEqual(2);
      expect(message).toMatch(/\.$/);
      expect(message).not.toContain('undefined');
    }
    expect(findings.length).toBeGreaterThan(20);
  });
});
