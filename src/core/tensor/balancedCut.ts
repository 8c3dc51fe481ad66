/** Which of many things are shown where all of them are too many: the first and the last, and how many between are not. */
export interface BalancedCut {
  /** Things 0 … head − 1 are shown, … */
  readonly head: number;
  /** … and the last `tail`. */
  readonly tail: number;
  /** Those between, which are not. 0 where everything is shown. */
  readonly hidden: number;
}

/** @param limit how many are shown at most */
export function balancedCut(count: number, limit: number): BalancedCut {
  if (count <= limit) return { head: count, tail: 0, hidden: 0 };
  const tail = Math.floor(limit / 2);
  return { head: limit - tail, tail, hidden: count - limit };
}

/** The indices that are shown, in order; null stands where the others are cut out. */
export function shownIndices(count: number, limit: number): (number | null)[] {
  const { head, tail, hidden } = balancedCut(count, limit);
  const first = Array.from({ length: head }, (_, i) => i);
  if (hidden === 0) return first;
  return [...first, null, ...Array.from({ length: tail }, (_, i) => count - tail + i)];
}
