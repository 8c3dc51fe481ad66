/** 10⁰ … 10⁶⁰, each the nearest float64; up to 10²² exactly. */
const powersOfTen: readonly number[] = Array.from({ length: 61 }, (_, k) => Number(`1e${k}`));
const exactPower = 22;

/**
 * mantissa · 10^power, or NaN where that may not be the right number.
 *
 * Up to 2⁵³ and a power of at most 22 both factors are exact, so the one operation rounds correctly. For
 * a float32 more is sure: 40 digits cost at most 2·24 roundings and the power two, a relative error
 * below 2⁻⁴⁷, so where both ends of a far wider interval round to one float32, the true value does too.
 */
export function decimalValue(mantissa: number, power: number, forFloat32: boolean): number {
  const size = power < 0 ? -power : power;
  if (size <= exactPower && mantissa <= Number.MAX_SAFE_INTEGER) {
    const factor = powersOfTen[size] as number;
    return power < 0 ? mantissa / factor : mantissa * factor;
  }
  if (!forFloat32 || size > 60 || mantissa > 1e40) return NaN;
  const factor = powersOfTen[size] as number;
  const near = power < 0 ? mantissa / factor : mantissa * factor;
  return Math.fround(near * (1 - 2 ** -44)) === Math.fround(near * (1 + 2 ** -44)) ? near : NaN;
}
