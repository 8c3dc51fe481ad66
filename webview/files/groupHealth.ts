import type { LayerHealth } from '../../src/protocol/tensorFile';
import type { GroupNode, TreeNode } from './tree';

type Worst = LayerHealth['worst'];

/** The graver first. */
export const gravity: readonly Worst[] = ['error', 'unread', 'warning', 'note', 'healthy'];

/** How many layers are how healthy; those that were not looked at yet count nowhere. */
export type HealthCounts = ReadonlyMap<Worst, number>;

/** The health of all layers in every group of a tree, by the group's key. */
export function groupHealth(
  tree: readonly TreeNode[],
  health: ReadonlyMap<number, LayerHealth>,
): ReadonlyMap<string, HealthCounts> {
  const groups = new Map<string, HealthCounts>();
  const visit = (node: TreeNode, into: Map<Worst, number>): void => {
    if (node.kind === 'layer') {
      const worst = health.get(node.index)?.worst;
      if (worst !== undefined) into.set(worst, (into.get(worst) ?? 0) + 1);
    } else if (node.kind === 'group') {
      const own = new Map<Worst, number>();
      for (const child of node.children) visit(child, own);
      groups.set(node.key, own);
      for (const [worst, count] of own) into.set(worst, (into.get(worst) ?? 0) + count);
    }
  };
  for (const node of tree) visit(node, new Map());
  return groups;
}

/** What a closed group should not hide: its gravest health, where that is a warning or worse. */
export function alarming(node: GroupNode, counts: HealthCounts | undefined): Worst | undefined {
  if (node.layers === 0) return undefined;
  return gravity.slice(0, 3).find(worst => (counts?.get(worst) ?? 0) > 0);
}
