import { BadFile, heed } from '../badFile';
import { malformed } from '../malformed';
import { UniqueNames } from '../uniqueNames';
import type { Hdf5Dataset, Hdf5File, Hdf5Link } from './library';

/** What an HDF5 file holds, without any values. */
export interface Hdf5Tree {
  readonly datasets: readonly Hdf5Node[];
  /** Paths of groups, the root's being `/`. */
  readonly groups: readonly string[];
  /** Links that are listed and not followed. */
  readonly links: readonly { readonly path: string; readonly reason: string }[];
}

export interface Hdf5Node {
  /** Absolute: `/model_weights/conv/kernel`. */
  readonly path: string;
  /** Undefined where its description is damaged. */
  readonly dataset: Hdf5Dataset | undefined;
  /** What is wrong with it, where it cannot be described. */
  readonly problem?: string;
}

/** Groups may be their own members, by hard links: a walk has to end somewhere. */
const depthLimit = 32;
const objectLimit = 100_000;

/**
 * What one call into the library is about: calls are dear, and between two of them others get their turn. How many
 * links a group has is not known before it is listed, so a call takes twice the groups of the one before, until
 * it comes to so many links that it takes half.
 */
const batchOf = { groups: 64, links: 4000, datasets: 256 } as const;

/** Deeper than models go: groups that may be their own members are walked a few at a time, to where it is too deep. */
const unusualDepth = 8;
const few = 2;

/** A group and what it holds, in the order that is shown. */
interface Group {
  readonly path: string;
  readonly depth: number;
  readonly datasets: string[];
  readonly groups: Group[];
  readonly links: { path: string; reason: string }[];
}

/**
 * Walks the hard links of a file, `conv_2` before `conv_10`. External links are never followed, so that a file
 * cannot show another one; soft links name what is listed elsewhere.
 * @param signal looked at for each batch of objects
 * @throws BadFile where the tree has no end
 */
export async function walkTree(file: Hdf5File, signal: AbortSignal): Promise<Hdf5Tree> {
  const root = newGroup('/', 0);
  let objects = 1;
  // The deepest first.
  const open = [root];
  let atOnce = 1;
  while (open.length > 0) {
    await pause(file, signal);
    const deep = (open.at(-1)?.depth ?? 0) > unusualDepth;
    const groups = open.splice(-(deep ? Math.min(few, atOnce) : atOnce));
    const paths = groups.map(({ path }) => path);
    const listed = file.links(paths, objectLimit - objects);
    if (listed === undefined) malformed(`it has more than ${objectLimit} objects`);
    listed.forEach((links, i) => {
      const group = groups[i] as Group;
      objects += links.length;
      addLinks(group, links);
      for (const inner of group.groups) open.push(inner);
    });
    const links = listed.reduce((sum, { length }) => sum + length, 0);
    atOnce = links > batchOf.links ? Math.ceil(atOnce / 2) : Math.min(2 * atOnce, batchOf.groups);
  }
  return describeTree(root, file, signal);
}

/** Lets others in: a cancellation among them. */
async function pause(file: Hdf5File, signal: AbortSignal): Promise<void> {
  await file.letOthersIn();
  heed(signal);
}

function newGroup(path: string, depth: number): Group {
  if (depth > depthLimit) malformed(`its groups are nested more than ${depthLimit} deep`);
  return { path, depth, datasets: [], groups: [], links: [] };
}

function addLinks(group: Group, links: readonly Hdf5Link[]): void {
  const prefix = group.path === '/' ? '/' : `${group.path}/`;
  const names = new UniqueNames();
  for (const { name, kind, target } of naturally(links)) {
    const free = names.take(name);
    const path = prefix + free;
    // In a damaged group: the library would find the first by either.
    if (free !== name) group.links.push({ path, reason: `a second ${name} in its group` });
    else if (kind === 'group') group.groups.push(newGroup(path, group.depth + 1));
    else if (kind === 'dataset') group.datasets.push(path);
    else group.links.push({ path, reason: linkReason(kind, target ?? '') });
  }
}

/** What a group holds itself comes before what its groups hold. */
async function describeTree(root: Group, file: Hdf5File, signal: AbortSignal): Promise<Hdf5Tree> {
  const groups: Group[] = [];
  const open = [root];
  for (let group = open.pop(); group; group = open.pop()) {
    groups.push(group);
    for (const inner of [...group.groups].reverse()) open.push(inner);
  }
  const paths = groups.flatMap(({ datasets }) => datasets);
  const datasets: Hdf5Node[] = [];
  for (let start = 0; start < paths.length; start += batchOf.datasets) {
    await pause(file, signal);
    const some = paths.slice(start, start + batchOf.datasets);
    file.datasets(some).forEach((dataset, i) => datasets.push(nodeOf(some[i] as string, dataset)));
  }
  return {
    datasets,
    groups: groups.map(({ path }) => path),
    links: groups.flatMap(({ links }) => links),
  };
}

function nodeOf(path: string, dataset: Hdf5Dataset | BadFile): Hdf5Node {
  return dataset instanceof BadFile
    ? { path, dataset: undefined, problem: dataset.message }
    : { path, dataset };
}

/** HDF5 sorts names by their bytes, which puts 10 before 2; layers and variables are numbered. */
function naturally(links: readonly Hdf5Link[]): Hdf5Link[] {
  return [...links].sort((a, b) => compareNumbered(a.name, b.name));
}

/** Numbers within names count as numbers; all else by code units. */
function compareNumbered(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [l, r] = [left[i] as string, right[i] as string];
    if (l === r) continue;
    // Odd parts are runs of digits.
    const difference = i % 2 === 1 ? Number(l) - Number(r) : 0;
    if (difference > 0 || difference < 0) return difference;
    return l < r ? -1 : 1;
  }
  return left.length - right.length;
}

function linkReason(kind: 'soft' | 'external' | 'other', target: string): string {
  switch (kind) {
    case 'soft':
      return `a link to ${target} in this file`;
    case 'external':
      return `a link to another file (${target}), which is not opened`;
    case 'other':
      return 'neither a group nor a dataset';
  }
}
