import type { NumberMemory } from './numberMemory';
import type { TextWindow } from './textWindow';

/** Numbers kept as float64 beside: enough for a shape. */
const exactCount = 16;

/** Up to so many numbers an array doubles; from there on it is made as long as the text lets it expect. */
const shortArray = 1 << 16;

/** The numbers of an array that is being read. */
export class NumberStore {
  count = 0;
  /** Why no more numbers can be stored. */
  refusal: 'too-many' | 'no-memory' | undefined;
  private data: Float32Array = new Float32Array(exactCount);
  /** Whether `data` is the memory's. */
  private lent = false;
  private readonly first = new Float64Array(exactCount);
  private readonly begun: number;

  constructor(
    private readonly memory: NumberMemory,
    private readonly window: TextWindow,
    /** Where the reader is in the text. */
    private readonly at: () => number,
  ) {
    this.begun = at();
  }

  /** Whether the next number is kept as float64 too. */
  get wantsExact(): boolean {
    return this.count < exactCount;
  }

  append(value: number): void {
    if (this.count === this.data.length && !this.grow(this.count + 1)) return;
    if (this.count < exactCount) this.first[this.count] = value;
    this.data[this.count++] = value;
  }

  /** For numbers behind the first, which are kept exactly. */
  appendAll(values: Float32Array): void {
    const total = this.count + values.length;
    if (total > this.data.length && !this.grow(total)) return;
    this.data.set(values, this.count);
    this.count = total;
  }

  /** The numbers, and the first of them as float64. Call once, at the end. */
  finish(): { readonly data: Float32Array; readonly exact: Float64Array } {
    const { data, count, lent } = this;
    return {
      data: lent ? this.memory.trim(data, count) : data.slice(0, count),
      exact: this.first.slice(0, Math.min(count, exactCount)),
    };
  }

  /** Gives the memory back: the array is none of numbers. */
  discard(): void {
    if (this.lent) this.memory.release(this.data);
    this.lent = false;
  }

  private grow(needed: number): boolean {
    const { memory, data } = this;
    if (needed > memory.limit) this.refusal = 'too-many';
    if (this.refusal !== undefined) return false;
    const wanted = Math.min(Math.max(needed, this.expected(needed)), memory.limit);
    const lent = wanted > shortArray;
    const larger = lent ? memory.allocate(wanted) : new Float32Array(wanted);
    if (larger === undefined) {
      this.refusal = 'no-memory';
      return false;
    }
    larger.set(data.subarray(0, this.count));
    if (this.lent) memory.release(data);
    this.data = larger;
    this.lent = lent;
    return true;
  }

  /** How many numbers there will be, if the rest of the text is like what was read of this array. */
  private expected(count: number): number {
    const { source, base, filled } = this.window;
    const at = this.at();
    const read = at - this.begun;
    const rest = source.size - source.consumed + (base + filled - at);
    if (count < shortArray || rest <= 0 || read <= 0) return count * 2;
    // What is not written to costs no memory; a copy to a longer array costs as much again.
    return Math.max(Math.ceil(count + (count / read) * rest * 1.05), Math.ceil(count * 1.125));
  }
}
