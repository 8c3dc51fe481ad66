import type { Convention } from '../../core/batchnorm/convention';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import { findConvention } from '../../core/batchnorm/conventions/registry';
import type { Flags } from '../../core/batchnorm/flags';
import type { ParameterChange } from '../../core/batchnorm/inspection';
import { parameterLabels } from '../../core/batchnorm/statement';
import { formatSetting } from '../../core/text/format';
import type { RunFileRole } from '../../core/text/runFile';
import {
  insertMember,
  readFile,
  setAxis,
  type File,
  type Fix,
  type TextEdit,
} from './runFileFixes';

/** Findings of which the numbers in the file are what is wrong; of others they are the evidence. */
const wrongNumbers: ReadonlySet<string> = new Set([
  'negative-variance',
  'zero-moving-variance',
  'undivided-sums',
  'fix-gamma',
]);

/** Longest array that a fix writes anew. */
const mostWritten = 1000;

/**
 * The fix of a finding as a change of its run file; undefined where it is one of the code or the data.
 * Pure: text in, edits out.
 * @param fallback the convention where the file names none
 */
export function fixInFile(
  { id, severity, whatIf }: Finding,
  text: string,
  fallback: Convention,
): Fix | undefined {
  if (!whatIf) return undefined;
  const file = readFile(text, fallback);
  const set = (key: RunFileRole, value: string): Fix => ({
    title: `Set ${key} to ${value}`,
    edits: [setMember(text, file, key, value)],
  });
  switch (whatIf.kind) {
    case 'epsilon':
      // One that is stated is what the author wants, unless nothing comes of it.
      if (severity === 'note' && file.members.epsilon) return undefined;
      return set('epsilon', formatSetting(whatIf.epsilon));
    case 'momentum':
      return set('momentum', String(whatIf.momentum));
    case 'convention': {
      const found = findConvention(whatIf.convention);
      const fix = set('convention', JSON.stringify(whatIf.convention));
      return found.ok ? { ...fix, title: `${fix.title} (${found.value.name})` } : undefined;
    }
    case 'axis':
      return {
        title: `Set the channel axis to ${whatIf.axis}`,
        edits: [setAxis(text, file, whatIf.axis)],
      };
    case 'flags':
      // A small batch is noteworthy, and no mistake of the file.
      return severity === 'note' && id !== 'flags-meaning'
        ? undefined
        : flagsFix(text, file, whatIf.flags);
    case 'parameters':
      return wrongNumbers.has(id) ? parametersFix(file, whatIf.changes) : undefined;
  }
}

function setMember(text: string, file: File, role: RunFileRole, value: string): TextEdit {
  const member = file.members[role];
  return member ? { range: member.valueRange, text: value } : insertMember(text, file, role, value);
}

function flagsFix(text: string, file: File, { training }: Flags): Fix {
  return {
    title: `Set training to ${training}`,
    edits: [setMember(text, file, 'training', String(training))],
  };
}

/** @returns undefined where one of them is not an array of the file, or a long one */
function parametersFix({ members }: File, changes: readonly ParameterChange[]): Fix | undefined {
  const edits: TextEdit[] = [];
  for (const { parameter, channels, values } of changes) {
    const member = members[parameter];
    if (member?.value.kind !== 'numbers') return undefined;
    const written = Array.from(member.value.array.data, Number);
    if (written.length > mostWritten || channels.some(c => c >= written.length)) return undefined;
    channels.forEach((c, i) => (written[c] = values[i] as number));
    // JSON has no NaN, and run files have.
    edits.push({ range: member.valueRange, text: `[${written.map(String).join(', ')}]` });
  }
  const names = changes.map(({ parameter }) => parameterLabels[parameter]).join(' and ');
  return { title: `Set ${names} as the finding says`, edits };
}
