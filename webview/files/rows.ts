import type { LayerHealth } from '../../src/protocol/tensorFile';
import { layerLabel, partsOf, withoutEcho, type LayerNode, type TreeNode } from './tree';

/** A line of the tree as it is shown. */
export interface Row {
  readonly node: TreeNode;
  /** From 1. */
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** From 1, among `siblings`. */
  readonly position: number;
  readonly siblings: number;
  /** Row of the node above it, or −1. */
  readonly parent: number;
}

/** `tree`: everything, by name. `layers`: batch norms alone, the worst first. */
export type Arrangement = 'tree' | 'layers';

export interface RowsWanted {
  readonly arrangement: Arrangement;
  readonly filter: string;
  /** Keys of nodes that the user opened or closed, and which of it. */
  readonly toggled: ReadonlyMap<string, boolean>;
  /** Keys of the groups that are open where the user said nothing. */
  readonly open: ReadonlySet<string>;
  readonly health: ReadonlyMap<number, LayerHealth>;
}

/** Rows that open by themselves at most. */
const fewRows = 40;

/** Fewer rows than this show next to nothing: the next level with layers opens, however long it is. */
const hardlyAny = 8;

/**
 * The groups to open at first: level by level, as long as the tree stays short. In a file with batch norms a
 * group of many others (an optimizer's state, say) stays closed.
 */
export function initiallyOpen(tree: readonly TreeNode[]): ReadonlySet<string> {
  const open = new Set<string>();
  const inAll = tree.some(node => layersIn(node) > 0);
  let rows = tree.length;
  let level: readonly TreeNode[] = tree;
  while (level.length > 0) {
    const next: TreeNode[] = [];
    for (const node of level) {
      if (node.kind !== 'group') continue;
      if (inAll && node.layers === 0 && node.tensors > hardlyAny) continue;
      // A lone group hides everything while it is closed.
      const tooLong = rows + node.children.length > fewRows && rows > 1;
      if (tooLong && (rows > hardlyAny || node.layers === 0)) continue;
      open.add(node.key);
      rows += node.children.length;
      next.push(...node.children);
    }
    level = next;
  }
  return open;
}

function layersIn(node: TreeNode): number {
  return node.kind === 'group' ? node.layers : Number(node.kind === 'layer');
}

/** The rows that are on screen or could be scrolled to. */
export function visibleRows(tree: readonly TreeNode[], wanted: RowsWanted): readonly Row[] {
  const terms = wanted.filter
    .toLowerCase()
    .split(/\s+/)
    .filter(term => term !== '');
  if (wanted.arrangement === 'layers') return layerRows(tree, terms, wanted);
  const matching = terms.length === 0 ? undefined : matches(tree, terms);
  const rows: Row[] = [];
  const add = (nodes: readonly TreeNode[], level: number, parent: number): void => {
    const shown = matching ? nodes.filter(node => matching.has(node)) : nodes;
    shown.forEach((node, i) => {
      const expandable = node.children.length > 0;
      const expanded = expandable && isOpen(node, wanted, matching);
      const at = rows.length;
      const [position, siblings] = [i + 1, shown.length];
      rows.push({ node, level, expandable, expanded, position, siblings, parent });
      if (expanded) add(node.children, level + 1, at);
    });
  };
  add(tree, 1, -1);
  return rows;
}

function isOpen(
  node: TreeNode,
  { toggled, open }: RowsWanted,
  matching: ReadonlyMap<TreeNode, boolean> | undefined,
): boolean {
  const said = toggled.get(node.key);
  if (said !== undefined) return said;
  if (matching === undefined) return open.has(node.key);
  // Filtered: groups are open, and a layer that matches by itself is one row.
  return node.kind === 'group' || matching.get(node) === false;
}

/** The nodes that every term is found in (true), and those above them (false). */
function matches(
  tree: readonly TreeNode[],
  terms: readonly string[],
): ReadonlyMap<TreeNode, boolean> {
  const found = new Map<TreeNode, boolean>();
  const visit = (node: TreeNode): boolean => {
    const own = node.kind !== 'group' && terms.every(term => node.searched.includes(term));
    let below = false;
    for (const child of node.children) below = visit(child) || below;
    if (own || below) found.set(node, own);
    // The tensors of a layer that matches can all be seen in it.
    if (own && node.kind === 'layer') for (const child of node.children) found.set(child, true);
    return own || below;
  };
  for (const node of tree) visit(node);
  return found;
}

const ranks: Readonly<Record<LayerHealth['worst'], number>> = {
  unread: 4,
  error: 3,
  warning: 2,
  note: 1,
  healthy: 0,
};

/** How bad a layer's health is; 0 where it is not known yet. */
export function healthRank(health: LayerHealth | undefined): number {
  return health ? ranks[health.worst] : 0;
}

function layerRows(
  tree: readonly TreeNode[],
  terms: readonly string[],
  { toggled, health }: RowsWanted,
): readonly Row[] {
  const layers: LayerNode[] = [];
  const collect = (node: TreeNode): void => {
    if (node.kind === 'layer') layers.push(node);
    else for (const child of node.children) collect(child);
  };
  for (const node of tree) collect(node);
  const shown = layers
    .filter(node => terms.every(term => node.searched.includes(term)))
    .sort(
      (a, b) =>
        healthRank(health.get(b.index)) - healthRank(health.get(a.index)) || a.index - b.index,
    );
  const rows: Row[] = [];
  const shared = sharedStart(layers.map(({ layer }) => layer.name)).length;
  shown.forEach((node, i) => {
    const expandable = node.children.length > 0;
    const expanded = expandable && toggled.get(node.key) === true;
    const at = rows.length;
    const [position, siblings] = [i + 1, shown.length];
    // Away from its group a layer needs its whole name, but for what all of them begin with.
    const named = { ...node, label: layerLabel(withoutEcho(node.layer.name.slice(shared))) };
    rows.push({ node: named, level: 1, expandable, expanded, position, siblings, parent: -1 });
    if (!expanded) return;
    const leaf = { level: 2, expandable: false, expanded: false, parent: at };
    node.children.forEach((child, c) =>
      rows.push({ node: child, ...leaf, position: c + 1, siblings: node.children.length }),
    );
  });
  return rows;
}

/** The leading parts that all names have, of which each has more: `net/` of `net/a.b` and `net/c`. */
function sharedStart(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined || others.length === 0) return '';
  let start = '';
  for (const part of partsOf(first).slice(0, -1)) {
    const longer = start + part;
    if (!others.every(name => name.startsWith(longer) && name !== longer)) break;
    start = longer;
  }
  return start;
}
