import type { TensorEntry } from '../../formats/catalog';
import { parameterNames } from '../layer';
import { lastCut, type Ending, type NamingFamily, type TensorRole } from './family';
import { namingFamilies } from './registry';

/** Tensors that one family takes for parts of one layer. */
export interface NamedGroup {
  /** The layer's path. */
  readonly name: string;
  readonly family: NamingFamily;
  /** Indices among the entries. */
  readonly members: Readonly<Partial<Record<TensorRole, number>>>;
}

/**
 * Groups of tensors that are layers, in the order of their first tensors. A tensor is part of one: where two families
 * know it, of the group that has more parameters, then of the first family's.
 * @param claimed indices of entries that are of another layer: a group with one of them is none
 */
export function namedGroups(
  entries: readonly TensorEntry[],
  claimed: readonly number[],
  isLayer: (group: NamedGroup) => boolean,
): NamedGroup[] {
  const taken = new Uint8Array(entries.length);
  for (const index of claimed) taken[index] = 1;
  const names = new LastParts(entries);
  const groups: Placed[] = [];
  const smaller: Placed[] = [];
  for (const family of namingFamilies) {
    const endings = names.parts.map(family.ending);
    if (!canHaveLayer(family, endings, names.free(taken))) continue;
    for (const group of groupsOfFamily(family, entries, names, endings)) {
      if (!isLayer(group)) continue;
      const placed = { group, indices: parametersOf(group) };
      // None has more, so it need not wait for the other families.
      if (placed.indices.length < parameterNames.length) smaller.push(placed);
      else if (take(placed, taken)) groups.push(placed);
    }
  }
  smaller.sort((a, b) => b.indices.length - a.indices.length);
  for (const placed of smaller) if (take(placed, taken)) groups.push(placed);
  groups.sort((a, b) => (a.indices[0] as number) - (b.indices[0] as number));
  return groups.map(({ group }) => group);
}

/** All that a family takes for parts of one layer, whether it can be one or not. */
export function groupsNamedBy(
  family: NamingFamily,
  entries: readonly TensorEntry[],
): Iterable<NamedGroup> {
  const names = new LastParts(entries);
  return groupsOfFamily(family, entries, names, names.parts.map(family.ending));
}

interface Placed {
  readonly group: NamedGroup;
  /** Of its parameters, ascending. */
  readonly indices: readonly number[];
}

/** @returns false, and takes nothing, where a tensor of it is taken */
function take({ indices }: Placed, taken: Uint8Array): boolean {
  for (const index of indices) if (taken[index] === 1) return false;
  for (const index of indices) taken[index] = 1;
  return true;
}

function parametersOf({ members }: NamedGroup): number[] {
  const indices: number[] = [];
  for (const role of parameterNames) {
    const index = members[role];
    if (index !== undefined) indices.push(index);
  }
  return indices.sort((a, b) => a - b);
}

/** The last parts of names, of which a file has few: what they say is found out once. */
class LastParts {
  /** Each once. */
  readonly parts: readonly string[];
  /** By entry: the index of its last part, and where it is cut off. */
  readonly of: readonly number[];
  readonly cuts: readonly number[];

  constructor(entries: readonly TensorEntry[]) {
    const known = new Map<string, number>();
    const of: number[] = [];
    const cuts: number[] = [];
    for (const { name } of entries) {
      const cut = lastCut(name);
      const last = name.slice(cut + 1);
      let index = known.get(last);
      if (index === undefined) known.set(last, (index = known.size));
      of.push(index);
      cuts.push(cut);
    }
    this.parts = [...known.keys()];
    this.of = of;
    this.cuts = cuts;
  }

  /** Which of the parts are of entries that are not taken. */
  free(taken: Uint8Array): boolean[] {
    const free = new Array<boolean>(this.parts.length).fill(false);
    for (let i = 0; i < taken.length; i++) if (taken[i] === 0) free[this.of[i] as number] = true;
    return free;
  }
}

/** Where Keras and TensorFlow keep the state of optimizers. */
const optimizer = /(^|[./])optimizer(_weights)?[./]/;

function groupsOfFamily(
  family: NamingFamily,
  entries: readonly TensorEntry[],
  names: LastParts,
  endings: readonly (Ending | undefined)[],
): Iterable<NamedGroup> {
  const groups = new Map<string, NamedGroup & { members: Partial<Record<TensorRole, number>> }>();
  for (let i = 0; i < entries.length; i++) {
    const ending = endings[names.of[i] as number];
    if (ending === undefined) continue;
    const { name } = entries[i] as TensorEntry;
    const { takeApart, roles } = ending;
    const path = name.slice(0, Math.max(0, names.cuts[i] as number));
    const found = takeApart ? takeApart(name) : { layer: path, role: roles[0] as TensorRole };
    if (!found || (name.includes('optimizer') && optimizer.test(name))) continue;
    let group = groups.get(found.layer);
    if (group === undefined) {
      group = { name: found.layer, family, members: {} };
      groups.set(found.layer, group);
    }
    group.members[found.role] ??= i;
  }
  return groups.values();
}

/** A layer is of tensors that are free, among them a mean and a variance. */
function canHaveLayer(
  { needsAffine = false }: NamingFamily,
  endings: readonly (Ending | undefined)[],
  free: readonly boolean[],
): boolean {
  const roles = new Set(endings.flatMap((ending, i) => (free[i] ? (ending?.roles ?? []) : [])));
  const affine = roles.has('gamma') || roles.has('beta');
  return roles.has('movingMean') && roles.has('movingVariance') && (affine || !needsAffine);
}
