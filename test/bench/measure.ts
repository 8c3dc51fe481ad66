/** Durations of one thing in milliseconds, in the order measured. */
export interface Series {
  readonly name: string;
  readonly milliseconds: number[];
}

/** Everything that was measured, by name: rounds add to it. */
export class Measurements {
  private readonly series = new Map<string, number[]>();

  add(name: string, ...milliseconds: number[]): void {
    const known = this.series.get(name);
    if (known === undefined) this.series.set(name, [...milliseconds]);
    else known.push(...milliseconds);
  }

  has(name: string): boolean {
    return this.series.has(name);
  }

  all(): Series[] {
    return [...this.series].map(([name, milliseconds]) => ({ name, milliseconds }));
  }
}

/** The value below which a share of the values lies, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? NaN;
}

/** Numbers that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
