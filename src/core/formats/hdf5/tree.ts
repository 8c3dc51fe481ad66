import { BadFile, heed } from '../badFile';
import { malformed } from '../malformed';
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

/** Objects that are described between two looks at the signal. */
const pauseAfter = 256;

/**
 * Walks the hard links of a file, group by group, `conv_2` before `conv_10`. External links are never followed, so that a file
 * cannot show another one; soft links name what is listed elsewhere.
 * @param signal looked at for each group
 * @throws BadFile where the tree has no end
 */
export async function walkTree(file: Hdf5File, signal: AbortSignal): Promise<Hdf5Tree> {
  const tree = {
    datasets: [] as Hdf5Node[],
    groups: [] as string[],
    links: [] as { path: string; reason: string }[],
  };
  let described = 0;
  const open = [{ path: '/', depth: 0 }];
  for (let group = open.pop(); group; group = open.pop()) {
    heed(signal);
    const { path, depth } = group;
    if (depth > depthLimit) malformed(`its groups are nested more than ${depthLimit} deep`);
    tree.groups.push(path);
    const inner: { path: string; depth: number }[] = [];
    const datasets: string[] = [];
    for (const { name, kind, target } of naturally(file.links(path))) {
      const child = path === '/' ? `/${name}` : `${path}/${name}`;
      if (kind === 'group') inner.push({ path: child, depth: depth + 1 });
      else if (kind === 'dataset') datasets.push(child);
      else tree.links.push({ path: child, reason: linkReason(kind, target ?? '') });
    }
    for (let i = inner.length - 1; i >= 0; i--)
      open.push(inner[i] as { path: string; depth: number });
    const objects = tree.datasets.length + datasets.length + tree.groups.length + open.length;
    if (objects + tree.links.length > objectLimit)
      malformed(`it has more than ${objectLimit} objects`);
    tree.datasets.push(...(await describeAll(file, datasets, signal)));
    described += datasets.length + inner.length + 1;
    if (described < pauseAfter) continue;
    described = 0;
    await file.letOthersIn();
  }
  return tree;
}

/** In batches, between which a cancellation can arrive. */
async function describeAll(
  file: Hdf5File,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Hdf5Node[]> {
  const nodes: Hdf5Node[] = [];
  for (let start = 0; start < paths.length; start += pauseAfter) {
    if (start > 0) await file.letOthersIn();
    heed(signal);
    const batch = paths.slice(start, start + pauseAfter);
    file.datasets(batch).forEach((dataset, i) => {
      const path = batch[i] as string;
      nodes.push(
        dataset instanceof BadFile
          ? { path, dataset: undefined, problem: dataset.message }
          : { path, dataset },
      );
    });
  }
  return nodes;
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
