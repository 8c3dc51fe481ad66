import { setImmediate } from 'node:timers';

/** How long work may hold the thread before messages (a cancellation among them) get their turn, in ms. */
const sliceMilliseconds = 8;

/** Lets waiting messages in: a cancellation among them. */
export function letOthersIn(): Promise<void> {
  return new Promise(resolve => {
    setImmediate(resolve);
  });
}

/** Work cut into slices: between two of them a cancellation can arrive, and is heeded. */
export class Slices {
  private since = performance.now();

  constructor(private readonly signal: AbortSignal) {}

  /**
   * Does one thing after the other.
   * @returns whether all were done; false when the signal was aborted, and the rest was left
   */
  async each<T>(items: Iterable<T>, work: (item: T) => void): Promise<boolean> {
    for (const item of items) {
      if (!(await this.goOn())) return false;
      work(item);
    }
    return !this.signal.aborted;
  }

  /** Whether to go on; at the end of a slice, after others have had their turn. */
  async goOn(): Promise<boolean> {
    if (performance.now() - this.since > sliceMilliseconds) {
      await letOthersIn();
      this.since = performance.now();
    }
    return !this.signal.aborted;
  }
}
