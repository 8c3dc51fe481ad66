import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keras2 } from '../../../../../src/core/batchnorm/conventions/keras2';
import { codeFile } from '../../../../../src/core/code/codeFile';
import { javascriptCode, pythonCode } from '../../../../../src/core/code/codeLanguage';
import { checkCode } from '../../../../../src/core/code/rules/checkCode';
import type { CodeFinding, CodeFix } from '../../../../../src/core/code/rules/codeFinding';

const folder = join(__dirname, '../../../../fixtures/rules');

export function namesOf(under = ''): readonly string[] {
  return readdirSync(join(folder, under)).filter(name => /\.(?:py|js|ts)$/.test(name));
}

export function textOf(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

export function findingsIn(name: string, text: string): readonly CodeFinding[] {
  return checkCode(codeFile(text, name.endsWith('.py') ? pythonCode : javascriptCode), keras2);
}

/** Line, from 1, and rule. */
export function places(text: string, findings: readonly CodeFinding[]): readonly string[] {
  return findings.map(
    ({ range, ruleId }) => `${text.slice(0, range.start).split('\n').length} ${ruleId}`,
  );
}

/** What a fixture says that is found: a comment `<- rule` at the end of a line. */
export function expectedIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line, i) => {
    const rule = /<- ([\w-]+)$/.exec(line)?.[1];
    return rule === undefined ? [] : [`${i + 1} ${rule}`];
  });
}

/** Edits are of the text before all of them. */
export function fixed(text: string, { edits }: CodeFix): string {
  let [result, from] = ['', 0];
  for (const { range, text: inserted } of edits) {
    if (range.start < from) throw new Error('edits overlap or are out of order');
    result += text.slice(from, range.start) + inserted;
    from = range.end;
  }
  return result + text.slice(from);
}
