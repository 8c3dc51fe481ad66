import { expect, it } from 'vitest';
import type { LayerHealth } from '../../../src/protocol/tensorFile';
import { alarming, groupHealth } from '../../../webview/files/groupHealth';
import { buildTree, type TreeNode } from '../../../webview/files/tree';
import { network } from './fileListing';

const sick = (layer: number, worst: LayerHealth['worst']): [number, LayerHealth] => [
  layer,
  { layer, worst, findings: [] },
];

function group(tree: readonly TreeNode[], key: string): TreeNode & { readonly kind: 'group' } {
  for (const node of tree) {
    if (node.kind !== 'group') continue;
    if (node.key === key) return node;
    const below = node.children.filter(child => child.kind === 'group');
    if (below.length > 0) return group(below, key);
  }
  throw new Error(`there is no ${key}`);
}

it('counts the health of layers in every group above them', () => {
  const tree = buildTree(network());
  const groups = groupHealth(tree, new Map([sick(0, 'healthy'), sick(1, 'error')]));
  expect([...(groups.get('group net.') ?? [])]).toEqual([
    ['healthy', 1],
    ['error', 1],
  ]);
  expect([...(groups.get('group net.0.') ?? [])]).toEqual([['healthy', 1]]);
});

it('raises an alarm for warnings and worse alone', () => {
  const tree = buildTree(network());
  const net = group(tree, 'group net.');
  const worst = (...health: [number, LayerHealth][]): string | undefined =>
    alarming(net, groupHealth(tree, new Map(health)).get(net.key));
  expect(worst()).toBeUndefined();
  expect(worst(sick(0, 'healthy'), sick(1, 'note'))).toBeUndefined();
  expect(worst(sick(0, 'warning'), sick(1, 'note'))).toBe('warning');
  expect(worst(sick(0, 'warning'), sick(1, 'unread'))).toBe('unread');
});
