import type { LayerParameters, ParameterName } from '../layer';

export type SomeParameters = Readonly<Partial<Record<ParameterName, Float64Array>>>;

/** The fewest numbers that have to agree: of three, one pair in a thousand million does by chance. */
export const fewestShared = 3;

/** What storing in float16 or another order of operations changes, relative. */
const relative = 1e-3;

/** The same of numbers that are near 0. */
const absolute = 1e-6;

/**
 * How many numbers two layers of as many channels share, up to what porting does to them: moving statistics that
 * were swapped, multiplied by one number (Bessel's correction, sums that were not divided), or stored as standard
 * deviations. Numbers that tell nothing, such as a gamma that is 1 everywhere, are not counted.
 */
export function sharedNumbers(a: SomeParameters, b: SomeParameters): number {
  return same(a, b, 'gamma') + same(a, b, 'beta') + sharedStatistics(a, b);
}

/** Whether any of a layer's numbers could be told from another's. */
export function tellsNumbers(parameters: SomeParameters): boolean {
  return Object.values(parameters).some(tells);
}

function sharedStatistics(a: SomeParameters, b: SomeParameters): number {
  const mean = same(a, b, 'movingMean') || scaled(a.movingMean, b.movingMean);
  const variance =
    same(a, b, 'movingVariance') ||
    scaled(a.movingVariance, b.movingVariance) ||
    asDeviation(a.movingVariance, b.movingVariance);
  return mean + variance || swapped(a, b);
}

function same(a: SomeParameters, b: SomeParameters, role: keyof LayerParameters): number {
  const [inA, inB] = [a[role], b[role]];
  return inA && inB && tells(inA) && allNear(inA, inB, x => x) ? inA.length : 0;
}

/** One number is the factor, and not shared. */
function scaled(a: Float64Array | undefined, b: Float64Array | undefined): number {
  if (!a || !b || !tells(a)) return 0;
  const at = a.findIndex(x => Math.abs(x) > absolute);
  const factor = (b[at] ?? NaN) / (a[at] ?? NaN);
  const isFactor = Number.isFinite(factor) && factor !== 0;
  return isFactor && allNear(a, b, x => x * factor) ? a.length - 1 : 0;
}

function asDeviation(a: Float64Array | undefined, b: Float64Array | undefined): number {
  if (!a || !b || !tells(a)) return 0;
  return allNear(a, b, Math.sqrt) || allNear(b, a, Math.sqrt) ? a.length : 0;
}

function swapped(a: SomeParameters, b: SomeParameters): number {
  const means = a.movingMean && b.movingVariance && allNear(a.movingMean, b.movingVariance, x => x);
  const variances =
    a.movingVariance && b.movingMean && allNear(a.movingVariance, b.movingMean, x => x);
  return means === true && variances === true && tellsNumbers(a)
    ? a.movingMean.length + a.movingVariance.length
    : 0;
}

/** Whether numbers differ between the channels; one number, whether it is other than those of a new layer. */
function tells(numbers: Float64Array): boolean {
  const first = numbers[0] ?? NaN;
  if (numbers.length === 1) return first !== 0 && first !== 1 && !Number.isNaN(first);
  return numbers.some(x => x !== first && !Number.isNaN(x));
}

function allNear(a: Float64Array, b: Float64Array, expected: (x: number) => number): boolean {
  if (a.length !== b.length) return false;
  for (let c = 0; c < a.length; c++) {
    const [x, y] = [expected(a[c] as number), b[c] as number];
    if (!Object.is(x, y) && !(Math.abs(x - y) <= absolute + relative * Math.abs(y))) return false;
  }
  return true;
}
