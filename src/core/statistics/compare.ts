import type { TensorData } from '../tensor/tensor';
import { float32Bits, ulpBucket, ulpBuckets, ulpDistance } from './ulp';
import { WorstPairs, type DifferentPair } from './worstPairs';

/** When two numbers count as close: |a − b| ≤ atol + rtol·|b| (numpy's `allclose`). */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
  /** Whether NaN is close to NaN. */
  readonly equalNan: boolean;
}

/** numpy's own: a NaN is close to nothing, not even to a NaN. */
export const defaultTolerance: Tolerance = { rtol: 1e-5, atol: 1e-8, equalNan: false };

/** How two tensors of one shape differ. Sizes of differences are over the pairs of finite elements. */
export interface Comparison {
  /** Pairs of elements. */
  readonly n: number;
  /** Pairs of finite elements. */
  readonly finite: number;
  /** Pairs that are the same number, infinities included; 0 equals −0. */
  readonly equal: number;
  readonly bothNaN: number;
  readonly oneNaN: number;
  readonly sameInfinity: number;
  /** An infinity beside a finite number, or beside the other infinity. */
  readonly otherInfinity: number;
  /** Pairs out of tolerance. */
  readonly outside: number;
  /** NaN where no pair is finite; likewise meanAbs and rmse. */
  readonly maxAbs: number;
  /** Flat index; −1 where nothing finite differs. */
  readonly maxAbsAt: number;
  readonly meanAbs: number;
  readonly rmse: number;
  /** Largest |a − b| / |b| over the pairs where b is not 0; NaN where there is none. */
  readonly maxRel: number;
  /** Of the finite pairs as vectors; NaN where one of them is 0 everywhere. */
  readonly cosine: number;
  /** Euclidean lengths of these vectors. */
  readonly normA: number;
  readonly normB: number;
  /** In float32 units in the last place; NaN where no pair is finite. */
  readonly maxUlp: number;
  /** Finite pairs by ULP distance: see `ulpBucketRange`. */
  readonly ulps: Float64Array;
  /** Pairs that differ, the furthest apart first: one finite and one not before all others. */
  readonly worst: readonly DifferentPair[];
}

/** Whether every pair is the same number (or NaN in both, where that counts as equal). */
export function isEqual({ n, equal, bothNaN }: Comparison, { equalNan }: Tolerance): boolean {
  return equal + (equalNan ? bothNaN : 0) === n;
}

export function isClose({ outside }: Comparison): boolean {
  return outside === 0;
}

/** What is summed over the finite pairs, all in units of `unit`, so that no square leaves float64. */
interface Sums {
  unit: number;
  abs: number;
  squares: number;
  aa: number;
  bb: number;
  ab: number;
}

/** Numbers above this have squares that may add up to more than float64 holds. */
const largest = 2 ** 480;

/** Under 1 by more than what rounding makes of a product. */
const nearly = 1 - 1e-12;

/** Pairs that are summed by themselves before they are added to all, which keeps rounding small. */
const chunk = 1 << 16;

/** Compares two tensors part by part, in one pass, in float64. */
export class ComparisonStream {
  private n = 0;
  private finite = 0;
  private equal = 0;
  private bothNaN = 0;
  private oneNaN = 0;
  private sameInfinity = 0;
  private otherInfinity = 0;
  private outside = 0;
  private maxAbs = 0;
  private maxAbsAt = -1;
  /** Below 0 while there is none. */
  private maxRel = -1;
  private maxUlp = 0;
  private readonly ulps = new Float64Array(ulpBuckets);
  private readonly sums: Sums = { unit: 1, abs: 0, squares: 0, aa: 0, bb: 0, ab: 0 };
  private readonly worst: WorstPairs;

  /** @param most how many of the worst pairs are kept */
  constructor(
    private readonly tolerance: Tolerance,
    most = 10,
  ) {
    this.worst = new WorstPairs(most);
  }

  /**
   * Takes a part of both in.
   * @param b as many numbers as `a`
   * @param start flat index of the first
   */
  add(a: TensorData, b: TensorData, start: number): void {
    if (a.length !== b.length) throw new Error(`parts of ${a.length} and ${b.length} numbers`);
    for (let from = 0; from < a.length; from += chunk) {
      this.addChunk(a.subarray(from, from + chunk), b.subarray(from, from + chunk), start + from);
    }
  }

  comparison(): Comparison {
    const { n, finite, equal, bothNaN, oneNaN, sameInfinity, otherInfinity, outside } = this;
    const { unit, abs, squares, aa, bb, ab } = this.sums;
    const orNaN = (x: number): number => (finite === 0 ? NaN : x);
    const { maxAbs, maxAbsAt, maxRel, maxUlp, ulps } = this;
    // A sum of squares may have underflown; the largest difference alone is a lower bound.
    const [lengthA, lengthB] = [Math.sqrt(aa), Math.sqrt(bb)];
    const rmse = Math.max(Math.sqrt(squares / finite) * unit, maxAbs / Math.sqrt(finite));
    return {
      ...{ n, finite, equal, bothNaN, oneNaN, sameInfinity, otherInfinity, outside },
      maxAbs: orNaN(maxAbs),
      maxAbsAt,
      meanAbs: orNaN((abs / finite) * unit),
      rmse: orNaN(rmse),
      maxRel: maxRel < 0 ? NaN : maxRel,
      cosine: cosineOf(ab, lengthA, lengthB),
      normA: lengthA * unit,
      normB: lengthB * unit,
      maxUlp: orNaN(maxUlp),
      ulps: ulps.slice(),
      worst: this.worst.list(),
    };
  }

  private addChunk(a: TensorData, b: TensorData, start: number): void {
    this.n += a.length;
    if (a instanceof Float64Array || b instanceof Float64Array) this.widen(a, b);
    const scale = 1 / this.sums.unit;
    const { rtol, atol } = this.tolerance;
    const { ulps } = this;
    const bitsA = float32Bits(a);
    const bitsB = float32Bits(b);
    let [aa, bb, ab, abs, squares] = [0, 0, 0, 0, 0];
    let [equal, finite, outside] = [0, 0, 0];
    let { maxAbs, maxAbsAt, maxRel, maxUlp } = this;
    let floor = this.worst.floor;
    for (let i = 0; i < a.length; i++) {
      const x = a[i] as number;
      const y = b[i] as number;
      // Of NaN and infinities the difference with itself is NaN.
      if (x - x !== 0 || y - y !== 0) {
        this.addSpecial(x, y, start + i);
        floor = this.worst.floor;
        continue;
      }
      finite++;
      const u = x * scale;
      const v = y * scale;
      aa += u * u;
      bb += v * v;
      ab += u * v;
      if (x === y) {
        equal++;
        if (maxRel < 0 && y !== 0) maxRel = 0;
        continue;
      }
      const difference = Math.abs(x - y);
      const scaled = Math.abs(u - v);
      abs += scaled;
      squares += scaled * scaled;
      const size = Math.abs(y);
      if (difference > atol + rtol * size) outside++;
      // A product is cheaper than a quotient, and decides it nearly always.
      if (difference > nearly * maxRel * size && size !== 0) {
        maxRel = Math.max(maxRel, difference / size);
      }
      if (difference > maxAbs) {
        maxAbs = difference;
        maxAbsAt = start + i;
      }
      const ulp = ulpDistance(bitsA[i] as number, bitsB[i] as number);
      if (ulp > maxUlp) maxUlp = ulp;
      const bucket = ulpBucket(ulp);
      ulps[bucket] = (ulps[bucket] as number) + 1;
      if (difference > floor) {
        this.worst.add(difference, start + i, x, y);
        floor = this.worst.floor;
      }
    }
    Object.assign(this, { maxAbs, maxAbsAt, maxRel, maxUlp });
    this.addCounts({ finite, equal, outside });
    this.addSums({ aa, bb, ab, abs, squares });
  }

  private addCounts({
    finite,
    equal,
    outside,
  }: Pick<Comparison, 'finite' | 'equal' | 'outside'>): void {
    this.finite += finite;
    this.equal += equal;
    this.outside += outside;
    this.ulps[0] = (this.ulps[0] as number) + equal;
  }

  private addSums({ aa, bb, ab, abs, squares }: Omit<Sums, 'unit'>): void {
    const { sums } = this;
    sums.aa += aa;
    sums.bb += bb;
    sums.ab += ab;
    sums.abs += abs;
    sums.squares += squares;
  }

  private addSpecial(a: number, b: number, index: number): void {
    const { equalNan } = this.tolerance;
    if (Number.isNaN(a) && Number.isNaN(b)) {
      this.bothNaN++;
      if (!equalNan) this.outside++;
      return;
    }
    if (a === b) {
      this.sameInfinity++;
      this.equal++;
      return;
    }
    if (Number.isNaN(a) || Number.isNaN(b)) this.oneNaN++;
    else this.otherInfinity++;
    this.outside++;
    this.worst.add(Infinity, index, a, b);
  }

  /** Takes a larger unit where float64 numbers are so large that their squares would be infinite. */
  private widen(a: TensorData, b: TensorData): void {
    const { sums } = this;
    const size = Math.max(largestFinite(a), largestFinite(b));
    if (size / sums.unit <= largest) return;
    const unit = 2 ** Math.floor(Math.log2(size));
    const ratio = sums.unit / unit;
    sums.abs *= ratio;
    for (const key of ['squares', 'aa', 'bb', 'ab'] as const) sums[key] *= ratio * ratio;
    sums.unit = unit;
  }
}

/** Rounding can make it a little more than 1. */
export function cosineOf(product: number, lengthA: number, lengthB: number): number {
  return Math.max(-1, Math.min(1, product / (lengthA * lengthB)));
}

function largestFinite(values: TensorData): number {
  let size = 0;
  for (const value of values) {
    const x = Math.abs(value);
    if (x > size && x < Infinity) size = x;
  }
  return size;
}

/** Compares two tensors that are held whole. */
export function compareValues(
  a: TensorData,
  b: TensorData,
  tolerance: Tolerance,
  most?: number,
): Comparison {
  const stream = new ComparisonStream(tolerance, most);
  stream.add(a, b, 0);
  return stream.comparison();
}
