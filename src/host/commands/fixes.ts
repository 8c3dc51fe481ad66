import { defaultTolerance } from '../../core/statistics/compare';
import type { Shown } from '../inspection/shown';
import { onActive, perform } from './command';
import { sideOfInspection } from './compare';
import { choose, say, type Choice } from './prompts';

/** Applies the fix of a finding as a what-if: the one whose id is given, or one that is picked. */
export const fixHere = onActive('fixHere', async ({ session }, _context, argument) => {
  const { shown } = session;
  if (!shown) return;
  if (shown.findings.length === 0) {
    await say('Nothing wrong was found in this layer and batch: there is nothing to fix.');
    return;
  }
  const finding =
    typeof argument === 'string'
      ? argument
      : await choose('Fix a finding here', choicesOf(shown), 'A what-if: no file is written');
  if (finding === undefined) return;
  const at = shown.findings.findIndex(({ id }) => id === finding);
  const found = shown.findings[at];
  // What is to be done in the code is all there is to say of it.
  if (found && shown.fixes[at] === '') await say(`${found.id}: ${found.fix}`);
  else await perform(session, { kind: 'fixHere', finding });
});

function choicesOf({ findings, fixes }: Shown): Choice<string>[] {
  return findings.map(({ id, message, fix }, i) => {
    const here = fixes[i] ?? '';
    return {
      label: id,
      description: here === '' ? 'not to be tried here' : here,
      detail: here === '' ? fix : message,
      value: id,
      group: here === '' ? 'In the code or the data' : 'Here',
    };
  });
}

/** The output before the fix that was applied last beside that after it, element by element. */
export const compareFix = onActive('compareFix', async ({ session }, { comparisons }) => {
  const { fixed, shown } = session;
  if (!fixed || !shown) {
    await say('No fix led to what is shown: apply one with “Fix Finding Here…” first.');
    return;
  }
  const [a, b] = [fixed.before, shown].map(({ inspection }) =>
    sideOfInspection({ session, inspection }, 'output'),
  );
  if (a && b) await comparisons.open({ a, b, tolerance: defaultTolerance }).settled();
});
