/** Relative, between channels: some roundings of float32. */
const agreement = 1e-5;

/** The one number that all values are, but for rounding; undefined where they differ or there are too few to tell. */
export function agreed(values: readonly number[]): number | undefined {
  const [first] = values;
  if (first === undefined || values.length < 2) return undefined;
  const alike = values.every(value => Math.abs(value - first) <= agreement * Math.abs(first));
  return alike ? first : undefined;
}

/** b/a of each channel in which both are numbers other than 0. */
export function ratios(a: Float64Array, b: Float64Array): number[] {
  return [...a].flatMap((value, c) => {
    const ratio = (b[c] as number) / value;
    return Number.isFinite(ratio) && ratio !== 0 ? [ratio] : [];
  });
}
