/** Below this a float32 has fewer than the 24 bits that 6 digits need. */
const smallestNormal = 2 ** -126;

/**
 * Shortest decimal that reads back to the same float32: `0.03249997`, `1e-7`. Non-finite values are
 * `NaN`, `Infinity` and `-Infinity`; −0 is `0`.
 */
export function formatFloat32(x: number): string {
  const f = Math.fround(x);
  if (!Number.isFinite(f) || f === 0) return String(f);
  if (Number.isInteger(f) && Math.abs(f) < 2 ** 24) return String(f);
  // Any decimal of up to 6 digits survives a float32, so 6 find every shorter one; 9 always suffice.
  const fewest = Math.abs(f) < smallestNormal ? 1 : 6;
  for (let digits = fewest; digits <= 9; digits++) {
    const shortened = Number(f.toPrecision(digits));
    if (Math.fround(shortened) === f) return String(shortened);
  }
  return String(f);
}

/**
 * A number as JSON text: non-finite ones as the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, −0 with
 * its sign.
 * @param format prints a finite number; `String` reads back to the same float64, `formatFloat32` to the
 *   same float32
 */
export function formatJsonNumber(x: number, format: (x: number) => string = String): string {
  if (!Number.isFinite(x)) return `"${x}"`;
  return Object.is(x, -0) ? '-0' : format(x);
}

/** With a capital at its start, as a sentence or a label of its own has. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** At most `digits` significant digits, without trailing zeros: `3.25`, `0.333333`, `1e-7`. */
export function formatSignificant(x: number, digits = 6): string {
  return String(Number.isFinite(x) ? Number(x.toPrecision(digits)) : x);
}

/** A setting as it is written by hand: `1e-5` and not `0.00001`. */
export function formatSetting(x: number): string {
  return x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential() : String(x);
}
