/**
 * Where a key moves along a row of things: arrows by one, Home and End to its ends.
 * @param at undefined before one was chosen: then the arrows begin at the ends
 * @returns undefined where it moves nothing
 */
export function movedAlong(key: string, at: number | undefined, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(count - 1, (at ?? -1) + 1);
    case 'ArrowLeft':
      return Math.max(0, (at ?? count) - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** The same where the ends meet, as those of tabs do. */
export function movedAround(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at + count - 1) % count;
  return movedAlong(key, at, count);
}
