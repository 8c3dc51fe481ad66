import { expect, it } from 'vitest';
import {
  ComparisonStream,
  compareValues,
  isClose,
  isEqual,
  type Comparison,
  type Tolerance,
} from '../../src/core/statistics/compare';
import { mergeComparisons } from '../../src/core/statistics/mergeComparisons';
import type { TensorData } from '../../src/core/tensor/tensor';
import { printedSeed, Random } from './random';

const seed = printedSeed('compare');

const specials = [NaN, Infinity, -Infinity, 0, -0, 1e-45, 3.4e38, -3.4e38];

/** Pairs that are mostly near each other, some equal, some special. */
function randomPair(random: Random): { a: TensorData; b: TensorData; tolerance: Tolerance } {
  const length = random.integer(0, 300);
  const Values = random.pick([Float32Array, Float64Array, Int32Array]);
  const size = random.pick([1e-3, 1, 1e6]);
  const a = new Values(length);
  const b = new Values(length);
  for (let i = 0; i < length; i++) {
    a[i] = random.next() < 0.1 ? random.pick(specials) : size * random.normal();
    const near = (a[i] as number) * (1 + 1e-5 * random.normal());
    b[i] = random.pick([a[i] as number, near, near, random.pick(specials)]);
  }
  const rtol = random.pick([0, 1e-5, 1e-3]);
  return { a, b, tolerance: { rtol, atol: 1e-8, equalNan: random.boolean() } };
}

type Counted = 'bothNaN' | 'oneNaN' | 'sameInfinity' | 'otherInfinity';

/** As the definitions say it, an array for each step. */
function plain(
  a: readonly number[],
  b: readonly number[],
  tolerance: Tolerance,
): Omit<
  Comparison,
  'n' | 'finite' | 'maxAbsAt' | 'cosine' | 'normA' | 'normB' | 'maxUlp' | 'ulps' | Counted
> {
  const { rtol, atol, equalNan } = tolerance;
  const pairs = a.map((x, i) => ({ x, y: b[i] as number, i }));
  const finite = pairs.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const differences = finite.map(({ x, y }) => Math.abs(x - y));
  const sum = (values: readonly number[]): number => values.reduce((all, x) => all + x, 0);
  const close = pairs.filter(({ x, y }) => {
    if (Number.isNaN(x) && Number.isNaN(y)) return equalNan;
    return x === y || (Number.isFinite(x - y) && Math.abs(x - y) <= atol + rtol * Math.abs(y));
  });
  const relative = finite.filter(({ y }) => y !== 0).map(({ x, y }) => Math.abs((x - y) / y));
  const ranked = pairs
    .map(({ x, y, i }) => ({ i, size: Number.isFinite(x - y) ? Math.abs(x - y) : Infinity, x, y }))
    .filter(({ size, x, y }) => size > 0 && x !== y && !(Number.isNaN(x) && Number.isNaN(y)))
    .sort((p, q) => (p.size === q.size ? p.i - q.i : q.size - p.size));
  return {
    outside: pairs.length - close.length,
    equal: pairs.filter(({ x, y }) => x === y).length,
    maxAbs: differences.length === 0 ? NaN : Math.max(...differences),
    meanAbs: sum(differences) / finite.length,
    rmse: Math.sqrt(sum(differences.map(d => d * d)) / finite.length),
    maxRel: relative.length === 0 ? NaN : Math.max(...relative),
    worst: ranked.slice(0, 10).map(({ i, x, y }) => ({ index: i, a: x, b: y })),
  };
}

it('finds what the definitions say, in any parts', () => {
  for (let run = 0; run < 300; run++) {
    const random = new Random(seed + run);
    const { a, b, tolerance } = randomPair(random);
    const { meanAbs, rmse, ...exact } = plain([...a], [...b], tolerance);
    const stream = new ComparisonStream(tolerance);
    const cut = random.integer(0, a.length);
    stream.add(a.subarray(0, cut), b.subarray(0, cut), 0);
    stream.add(a.subarray(cut), b.subarray(cut), cut);
    const found = stream.comparison();
    expect(found, `seed ${seed + run}`).toMatchObject(exact);
    for (const [got, wanted] of [
      [found.meanAbs, meanAbs],
      [found.rmse, rmse],
    ] as const) {
      if (Number.isNaN(wanted)) expect(got, `seed ${seed + run}`).toBeNaN();
      else expect(Math.abs(got - wanted), `seed ${seed + run}`).toBeLessThanOrEqual(wanted * 1e-12);
    }
    expect(found.ulps.reduce((all, count) => all + count, 0)).toBe(found.finite);
  }
});

it('a tensor is equal to itself, but for NaN where that is not equal', () => {
  for (let run = 0; run < 100; run++) {
    const { a, tolerance } = randomPair(new Random(seed + run));
    const equalNan = { ...tolerance, equalNan: true };
    const same = compareValues(a, a, equalNan);
    expect([isEqual(same, equalNan), isClose(same)]).toEqual([true, true]);
    const strict = { ...tolerance, equalNan: false };
    expect(isClose(compareValues(a, a, strict))).toBe(!a.includes(NaN));
  }
});

it('parts that are compared apart come to the same together', () => {
  for (let run = 0; run < 100; run++) {
    const random = new Random(seed + run);
    const { a, b, tolerance } = randomPair(random);
    const whole = compareValues(a, b, tolerance);
    const cut = random.integer(0, a.length);
    const merged = mergeComparisons([
      compareValues(a.subarray(0, cut), b.subarray(0, cut), tolerance),
      compareValues(a.subarray(cut), b.subarray(cut), tolerance),
    ]);
    for (const [key, value] of Object.entries(merged)) {
      if (key === 'worst' || key === 'maxAbsAt') continue;
      const wanted = whole[key as keyof typeof whole];
      if (typeof value !== 'number' || typeof wanted !== 'number') expect(value).toEqual(wanted);
      else if (Number.isFinite(wanted)) expect(value).toBeCloseTo(wanted, 9 - digitsOf(wanted));
      else expect(value, `${key}, seed ${seed + run}`).toBe(wanted);
    }
  }
});

function digitsOf(x: number): number {
  return x === 0 ? 0 : Math.max(0, Math.ceil(Math.log10(Math.abs(x))));
}
