import type { FilesRow } from '../../src/protocol/comparedFiles';

/**
 * Indices of rows in the order in which they are drawn: as they are, or what has no partner first, and then the
 * pairs whose outputs differ most. Of equal ones in their order.
 */
export function orderRows(rows: readonly FilesRow[], worstFirst: boolean): readonly number[] {
  const indices = [...rows.keys()];
  if (!worstFirst) return indices;
  const badness = indices.map(i => badnessOf(rows[i] as FilesRow));
  return indices.sort((i, j) => {
    const [first, second] = [badness[i] as number, badness[j] as number];
    return first === second ? i - j : second - first;
  });
}

/** What is not a number is worse than any number, and what cannot be compared worse than that. */
function badnessOf({ closeness, effect, foldedInto }: FilesRow): number {
  // Whether it is so rightly is a finding.
  if (foldedInto !== null) return -1;
  if (closeness === null) return Infinity;
  if (effect === null) return closeness === 'out' ? 0 : -1;
  return Number.isFinite(effect.size) ? effect.size : Number.MAX_VALUE;
}
