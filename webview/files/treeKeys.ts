import type { Row } from './rows';

/** What a key does on a row, as the ARIA authoring practices have it for trees. */
export type TreeKey =
  | { readonly kind: 'move'; readonly row: number }
  | { readonly kind: 'expand' | 'collapse' | 'expandSiblings'; readonly row: number }
  | { readonly kind: 'activate'; readonly row: number };

/** @param page rows that a page key moves */
export function treeKey(
  key: string,
  at: number,
  rows: readonly Row[],
  page: number,
): TreeKey | undefined {
  const row = rows[at];
  if (!row) return undefined;
  const move = (to: number): TreeKey => ({
    kind: 'move',
    row: Math.max(0, Math.min(to, rows.length - 1)),
  });
  switch (key) {
    case 'ArrowDown':
      return move(at + 1);
    case 'ArrowUp':
      return move(at - 1);
    case 'PageDown':
      return move(at + page);
    case 'PageUp':
      return move(at - page);
    case 'Home':
      return move(0);
    case 'End':
      return move(rows.length - 1);
    case 'ArrowRight':
      if (!row.expandable) return undefined;
      return row.expanded ? move(at + 1) : { kind: 'expand', row: at };
    case 'ArrowLeft':
      if (row.expanded) return { kind: 'collapse', row: at };
      return row.parent >= 0 ? move(row.parent) : undefined;
    case '*':
      return { kind: 'expandSiblings', row: at };
    case ' ':
    case 'Enter':
      return { kind: 'activate', row: at };
    default:
      return undefined;
  }
}
