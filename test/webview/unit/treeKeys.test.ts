import { describe, expect, it } from 'vitest';
import { initiallyOpen, visibleRows } from '../../../webview/files/rows';
import { buildTree } from '../../../webview/files/tree';
import { treeKey } from '../../../webview/files/treeKeys';
import { network } from './fileListing';

const tree = buildTree(network());
// net, 0, conv.weight, bn, 1, conv.weight, bn, head.weight
const rows = visibleRows(tree, {
  arrangement: 'tree',
  filter: '',
  toggled: new Map(),
  open: initiallyOpen(tree),
  health: new Map(),
});

describe('a key in the tree', () => {
  it.each([
    ['ArrowDown', 0, { kind: 'move', row: 1 }],
    ['ArrowDown', 7, { kind: 'move', row: 7 }],
    ['ArrowUp', 0, { kind: 'move', row: 0 }],
    ['PageDown', 2, { kind: 'move', row: 7 }],
    ['PageUp', 2, { kind: 'move', row: 0 }],
    ['Home', 6, { kind: 'move', row: 0 }],
    ['End', 1, { kind: 'move', row: 7 }],
    ['ArrowRight', 1, { kind: 'move', row: 2 }],
    ['ArrowRight', 3, { kind: 'expand', row: 3 }],
    ['ArrowRight', 2, undefined],
    ['ArrowLeft', 1, { kind: 'collapse', row: 1 }],
    ['ArrowLeft', 3, { kind: 'move', row: 1 }],
    ['Enter', 3, { kind: 'activate', row: 3 }],
    [' ', 3, { kind: 'activate', row: 3 }],
    ['*', 1, { kind: 'expandSiblings', row: 1 }],
    ['a', 1, undefined],
    ['ArrowDown', 99, undefined],
  ])('%s on row %d', (key, at, expected) => {
    expect(treeKey(key, at, rows, 5)).toEqual(expected);
  });
});
