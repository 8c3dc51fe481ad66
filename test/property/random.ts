/** A seeded source of test cases: the same seed gives the same run. */
export class Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = seed;
  }

  /** In [0, 1): mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  boolean(): boolean {
    return this.next() < 0.5;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)] as T;
  }

  /** About normal: mean 0, standard deviation 1. */
  normal(): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.next();
    return sum - 6;
  }
}

/**
 * The seed of this run: NORMSCOPE_SEED where it is set, else another one every time. It is printed,
 * so that a failure can be run again.
 */
export function printedSeed(what: string): number {
  const stated = Number(process.env.NORMSCOPE_SEED ?? NaN);
  const seed = Number.isFinite(stated) ? stated : Date.now() % 2 ** 31;
  console.log(`${what}: seed ${seed} (NORMSCOPE_SEED=${seed} repeats it)`);
  return seed;
}
