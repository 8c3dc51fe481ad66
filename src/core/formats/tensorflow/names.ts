import type { BundleEntry } from './bundleEntry';
import type { ObjectGraph } from './objectGraph';

/** A variable of a checkpoint, under the name that people know it by. */
export interface NamedVariable {
  readonly name: string;
  readonly key: string;
  readonly entry: BundleEntry;
}

const suffix = '/.ATTRIBUTES/VARIABLE_VALUE';

/**
 * Names a checkpoint's variables. Keys are paths through the program's objects; the object graph has
 * the names the program gave. A variable that several objects hold has several keys and is stored
 * several times: copies (same name, type, shape and checksum) are listed once. Where a full name is
 * not one variable's alone, the key names it.
 */
export function nameVariables(
  rows: ReadonlyMap<string, BundleEntry>,
  graph: ObjectGraph | undefined,
): NamedVariable[] {
  const named = [...rows].map(([key, entry]) => ({
    key,
    entry,
    name: graph?.fullNames.get(key) ?? shortKey(key),
  }));
  const kept = new Map<string, NamedVariable>();
  for (const variable of named.sort(byCollection)) {
    const identity = identityOf(variable);
    if (!kept.has(identity)) kept.set(identity, variable);
  }
  const single = countNames(kept.values());
  return [...kept.values()]
    .sort(byOffset)
    .map(one => (single.get(one.name) === 1 ? one : { ...one, name: shortKey(one.key) }));
}

function shortKey(key: string): string {
  return key.endsWith(suffix) ? key.slice(0, -suffix.length) : key;
}

/** Collections of Keras's own (`_all_variables/3`) after the variables they repeat. */
function byCollection(a: NamedVariable, b: NamedVariable): number {
  return Number(a.key.startsWith('_')) - Number(b.key.startsWith('_'));
}

/** The order in which the program saved them, which is that of its layers. */
function byOffset({ entry: a }: NamedVariable, { entry: b }: NamedVariable): number {
  return a.shard - b.shard || a.offset - b.offset;
}

function identityOf({ name, entry }: NamedVariable): string {
  const { dataType, shape, size, checksum } = entry;
  return JSON.stringify([name, dataType, shape, size, checksum]);
}

function countNames(variables: Iterable<NamedVariable>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of variables) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
