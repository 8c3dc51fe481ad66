/** A checkpoint before it is read. */
export interface NamedMember {
  /** Its path from where the series is, with `/`. */
  readonly name: string;
  /** When it was last written, in milliseconds. */
  readonly changed: number;
}

export interface MemberOrder {
  readonly by: 'step' | 'date';
  /** Indices of the members, the first of the run first. */
  readonly order: readonly number[];
  /** The step of each of those; undefined where no number tells every one from the others. */
  readonly steps: readonly number[] | undefined;
  /** Members without a place in that order. */
  readonly leftOut: readonly { readonly member: number; readonly reason: string }[];
}

/**
 * The order in which a run wrote its checkpoints: by the numbers in their names, where at least two names
 * differ in nothing else, and by date where none do. A name without such a number among others that have one,
 * `best.pt`, has no place between them.
 */
export function orderMembers(members: readonly NamedMember[]): MemberOrder {
  const numbered = numberedGroup(members.map(({ name }) => name));
  if (numbered === undefined) return byDate(members);
  const natural = new Intl.Collator('en', { numeric: true });
  const order = [...numbered].sort((a, b) =>
    natural.compare(nameOf(members, a), nameOf(members, b)),
  );
  const steps = stepsOf(order.map(i => nameOf(members, i)));
  const sorted = steps === undefined ? undefined : order.map((_, i) => i).sort(by(steps));
  const [example = 0] = order;
  const reason = `its name has no step as “${nameOf(members, example)}” has: choose it together with files of its kind.`;
  return {
    by: 'step',
    order: sorted === undefined ? order : sorted.map(i => order[i] as number),
    steps: sorted?.map(i => steps?.[i] as number),
    leftOut: members.flatMap((_, member) => (numbered.has(member) ? [] : [{ member, reason }])),
  };
}

function byDate(members: readonly NamedMember[]): MemberOrder {
  const order = members.map((_, i) => i);
  order.sort(by(members.map(({ changed }) => changed)));
  return { by: 'date', order, steps: undefined, leftOut: [] };
}

function by(keys: readonly number[]): (a: number, b: number) => number {
  return (a, b) => (keys[a] as number) - (keys[b] as number);
}

function nameOf(members: readonly NamedMember[], index: number): string {
  return members[index]?.name ?? '';
}

/** The most names that differ only in their numbers. @returns undefined where no two do */
function numberedGroup(names: readonly string[]): ReadonlySet<number> | undefined {
  const groups = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    const template = stem(name).replace(/\d+/g, '#');
    groups.set(template, [...(groups.get(template) ?? []), i]);
  }
  const differing = [...groups.values()].filter(
    group => new Set(group.map(i => stem(names[i] ?? ''))).size > 1,
  );
  const largest = Math.max(0, ...differing.map(({ length }) => length));
  const found = differing.find(({ length }) => length === largest);
  return found && new Set(found);
}

/** Without the ending, which may have a number of its own: `.h5`. */
function stem(name: string): string {
  return name.replace(/\.[a-z][a-z0-9]*$/i, '');
}

/** Words before a number that say what it counts, the one that runs on through a whole run first. */
const counters = [/step[=_\-.]*$/i, /(iter|iteration|it)[=_\-.]*$/i, /epoch[=_\-.]*$/i];

/** One number of each name, in which no two agree: what its name calls a step before any other. */
function stepsOf(names: readonly string[]): number[] | undefined {
  const columns = numbersOf(names[0] ?? '').map((_, column) =>
    names.map(name => numbersOf(name)[column]?.value ?? NaN),
  );
  const telling = numbersOf(names[0] ?? '').flatMap(({ before }, column) => {
    const distinct = new Set(columns[column]).size === names.length;
    const rank = counters.findIndex(counter => counter.test(before));
    return distinct ? [{ column, rank: rank < 0 ? counters.length : rank }] : [];
  });
  const best = Math.min(...telling.map(({ rank }) => rank));
  const chosen = telling.find(({ rank }) => rank === best);
  return chosen && columns[chosen.column];
}

function numbersOf(name: string): { readonly value: number; readonly before: string }[] {
  const text = stem(name);
  return [...text.matchAll(/\d+/g)].map(match => ({
    value: Number(match[0]),
    before: text.slice(0, match.index),
  }));
}
