import type { Problem } from '../problem';
import type { JsonMember } from './jsonDocument';
import type { RunFileKey, RunFileRole } from './runFile';
import { plainName, roleOfName, runFileNames } from './runFileNames';

/** The members of one object, by what they are for. */
export interface Roles {
  readonly members: Readonly<Partial<Record<RunFileRole, JsonMember>>>;
  readonly unknown: readonly JsonMember[];
  /** The members of an object that is the value of one of them. */
  readonly inside: (member: JsonMember) => readonly JsonMember[];
  readonly problems: readonly Problem[];
}

/**
 * Says what each member is for. Two members for one thing are a problem; the first is taken.
 * @param all of the document's, those of objects in objects among them
 */
export function assignRoles(
  members: readonly JsonMember[],
  all: readonly JsonMember[] = [],
): Roles {
  const byRole: Partial<Record<RunFileRole, JsonMember>> = {};
  const unknown: JsonMember[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const member of members) {
    const role = roleOfName(member.key, member.value.kind === 'boolean');
    const other = role === undefined ? undefined : byRole[role];
    if (role !== undefined && other === undefined) byRole[role] = member;
    else if (role !== undefined && other !== undefined) problems.push(twice(member, other));
    else if (seen.has(member.key)) problems.push(repeated(member));
    else unknown.push(member);
    seen.add(member.key);
  }
  const inside = ({ valueRange }: JsonMember): readonly JsonMember[] =>
    all.filter(
      ({ keyRange: { start, end } }) => start >= valueRange.start && end <= valueRange.end,
    );
  return { members: byRole, unknown, problems, inside };
}

function twice(member: JsonMember, other: JsonMember): Problem {
  return member.key === other.key
    ? repeated(member)
    : {
        code: 'key-twice',
        severity: 'error',
        message: `"${member.key}" and "${other.key}" are two names for one thing: keep one of them.`,
        range: member.keyRange,
      };
}

function repeated(member: JsonMember): Problem {
  return {
    code: 'key-repeated',
    severity: 'error',
    message: `The key "${member.key}" stands here a second time: keep one of the two.`,
    range: member.keyRange,
  };
}

/** Keys in which people and tools say what a file is; ignored, without a note that they are. */
const annotations: ReadonlySet<string> = new Set([
  'comment',
  'description',
  'name',
  'note',
  'notes',
  'source',
  'title',
]);

function isAnnotation(key: string): boolean {
  return key.startsWith('$') || annotations.has(plainName(key));
}

/** A note for each key that means nothing in a run file. */
export function noteUnknown(unknown: readonly JsonMember[]): Problem[] {
  return unknown
    .filter(member => !isAnnotation(member.key))
    .map(member => {
      const near = nearestName(member.key);
      const hint = near === undefined ? '' : `: did you mean "${near}"?`;
      return {
        code: 'key-unknown',
        severity: 'note',
        message: `"${member.key}" means nothing in a run file and is ignored${hint === '' ? '.' : hint}`,
        range: member.keyRange,
      };
    });
}

const allNames: readonly string[] = Object.values(runFileNames).flat();

/** The accepted name that a misspelled key is nearest to: one edit away, two for longer names. */
export function nearestName(key: string): string | undefined {
  const plain = plainName(key);
  let best: string | undefined;
  let least = Infinity;
  for (const name of allNames) {
    const allowed = name.length < 4 ? 0 : name.length < 8 ? 1 : 2;
    const distance = editDistance(plain, name, allowed);
    if (distance <= allowed && distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions and replacements from one word to the other; Infinity when clearly over the limit. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

export function keyOf(member: JsonMember): RunFileKey {
  const { key: name, keyRange, valueRange, value } = member;
  const firstNegative = value.kind === 'numbers' ? value.array.firstNegative : undefined;
  return { name, keyRange, valueRange, ...(firstNegative && { firstNegative }) };
}
