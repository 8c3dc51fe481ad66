export type Extent = readonly [low: number, high: number];

/** The finite numbers of all columns, from the least to the greatest; undefined where there is none. */
export function extentOf(columns: Iterable<Iterable<number>>): Extent | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const column of columns) {
    for (const x of column) {
      if (!Number.isFinite(x)) continue;
      if (x < low) low = x;
      if (x > high) high = x;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** An extent with some room at both ends, and some where it has no length. */
export function padded([low, high]: Extent, part = 0.06): Extent {
  const length = high - low;
  const room = length > 0 ? length * part : Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}
