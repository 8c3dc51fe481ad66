/** A parameter over its channels. */
export interface Spread {
  /** Of the finite ones; NaN where there is none. */
  readonly least: number;
  readonly median: number;
  readonly greatest: number;
  /** How many are NaN or infinite, and are in none of the others. */
  readonly nonFinite: number;
}

/** @param values one a channel; not changed */
export function spreadOf(values: Float64Array): Spread {
  const finite = values.filter(Number.isFinite).sort();
  const nonFinite = values.length - finite.length;
  if (finite.length === 0) return { least: NaN, median: NaN, greatest: NaN, nonFinite };
  const half = (finite.length - 1) / 2;
  const [below, above] = [finite[Math.floor(half)] as number, finite[Math.ceil(half)] as number];
  return {
    least: finite[0] as number,
    // Half of each, so that two of the largest numbers have a median too.
    median: below === above ? below : below / 2 + above / 2,
    greatest: finite[finite.length - 1] as number,
    nonFinite,
  };
}
