/** Two elements at one place that differ. */
export interface DifferentPair {
  /** Flat, row-major. */
  readonly index: number;
  readonly a: number;
  readonly b: number;
}

interface Ranked extends DifferentPair {
  readonly size: number;
}

/** The pairs that are furthest apart, the worst first; of equal ones those that came first. */
export class WorstPairs {
  private pairs: Ranked[] = [];

  /** @param most how many are kept */
  constructor(private readonly most: number) {}

  /** What a difference must be larger than to be kept. */
  get floor(): number {
    return this.pairs.length < this.most ? 0 : (this.pairs.at(-1)?.size ?? Infinity);
  }

  /** @param size of the difference; infinite where one of the two is not finite */
  add(size: number, index: number, a: number, b: number): void {
    if (!(size > this.floor)) return;
    let at = this.pairs.length;
    while (at > 0 && (this.pairs[at - 1] as Ranked).size < size) at--;
    this.pairs.splice(at, 0, { size, index, a, b });
    if (this.pairs.length > this.most) this.pairs.pop();
  }

  list(): DifferentPair[] {
    return this.pairs.map(({ index, a, b }) => ({ index, a, b }));
  }
}
