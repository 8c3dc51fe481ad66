// What the engine's thread and its helpers say to each other: words of memory of their own, beside the one
// that tensors live in. There is one job at a time, a list of calls of one kernel; any thread takes one
// call after the other, until none is left.
import { partKernels, type KernelCalls, type PartKernel } from '../kernels/pass';

/** Calls of a job at most, and arguments of a call. */
const most = { calls: 256, arguments: 10 };

/** Where things are, in words of 4 bytes. The two that threads wait for have cache lines of their own. */
const at = {
  job: 0,
  ended: 16,
  kernel: 32,
  calls: 33,
  width: 34,
  pages: 35,
  ready: 40,
  states: 64,
};
const callsAt = at.states + most.calls;
const words = callsAt + most.calls * most.arguments;

// The state of a call: the number of its job, and in the last byte who has it. With the number in it, a
// thread that was held up and comes late with a job of before takes nothing of the one that runs now.
const free = 0;
const done = 1;
/** Not to be taken any more. */
const withdrawn = 2;
/** Holders: the engine's thread, and its helpers from `firstHelper` on. */
export const engineHolder = 3;
export const firstHelper = 4;
export const mostHelpers = 16;

/** Numbers of jobs go from 1 to this, and start anew. */
const lastJob = 0xffffff;
const none = 0;

export interface TakenCall {
  readonly kernel: PartKernel;
  readonly call: readonly number[];
}

/** All threads have one each, over the same buffer. */
export class JobBoard {
  private readonly words: Int32Array<SharedArrayBuffer>;

  constructor(readonly buffer = new SharedArrayBuffer(words * 4)) {
    this.words = new Int32Array(buffer);
  }

  /** Whether a job can be so large. */
  static holds({ list }: KernelCalls): boolean {
    return list.length <= most.calls && list.every(call => call.length <= most.arguments);
  }

  /**
   * Puts a job up, when nobody holds a call of the one before it.
   * @param pages of the memory that it needs
   * @returns its number
   */
  open({ kernel, list }: KernelCalls, pages: number): number {
    const { words } = this;
    const job = ((words[at.job] as number) % lastJob) + 1;
    const width = Math.max(...list.map(call => call.length));
    words[at.kernel] = partKernels.indexOf(kernel);
    words[at.calls] = list.length;
    words[at.width] = width;
    words[at.pages] = pages;
    list.forEach((call, index) => words.set(call, callsAt + index * width));
    for (let i = 0; i < list.length; i++) Atomics.store(words, at.states + i, state(job, free));
    Atomics.store(words, at.job, job);
    Atomics.notify(words, at.job);
    return job;
  }

  /** The number of the job that was put up last. */
  current(): number {
    return Atomics.load(this.words, at.job);
  }

  /** How many calls the job has, or one before or after it: calls of another job are never taken. */
  count(): number {
    return Atomics.load(this.words, at.calls);
  }

  pages(): number {
    return Atomics.load(this.words, at.pages);
  }

  /** Takes the first free call from an index on. @returns its index, or −1 */
  take(job: number, from: number, holder: number): number {
    // Before the first job every state is 0.
    if (job === none) return -1;
    const count = this.count();
    for (let i = from; i < count; i++) if (this.move(i, job, free, holder)) return i;
    return -1;
  }

  /** What a call is, for whoever holds it. */
  call(index: number): TakenCall {
    const width = this.words[at.width] as number;
    const first = callsAt + index * width;
    return {
      kernel: partKernels[this.words[at.kernel] as number] as PartKernel,
      call: Array.from(this.words.subarray(first, first + width)),
    };
  }

  end(job: number, index: number, holder: number): void {
    if (!this.move(index, job, holder, done)) return;
    Atomics.add(this.words, at.ended, 1);
    Atomics.notify(this.words, at.ended);
  }

  /** Lets nobody take what is still free. */
  withdraw(job: number): void {
    const count = this.count();
    for (let i = 0; i < count; i++) this.move(i, job, free, withdrawn);
  }

  /** Frees the calls of a holder that is no more. */
  release(job: number, holder: number): void {
    const count = this.count();
    for (let i = 0; i < count; i++) this.move(i, job, holder, free);
  }

  /** Helpers that have a call in hand. */
  holders(): ReadonlySet<number> {
    const found = new Set<number>();
    const count = this.count();
    for (let i = 0; i < count; i++) {
      const holder = Atomics.load(this.words, at.states + i) & 0xff;
      if (holder >= firstHelper) found.add(holder);
    }
    return found;
  }

  isHeld(): boolean {
    const count = this.count();
    for (let i = 0; i < count; i++) {
      if ((Atomics.load(this.words, at.states + i) & 0xff) >= firstHelper) return true;
    }
    return false;
  }

  isDone(): boolean {
    const count = this.count();
    for (let i = 0; i < count; i++) {
      if ((Atomics.load(this.words, at.states + i) & 0xff) !== done) return false;
    }
    return true;
  }

  /** Grows whenever a call ends: for `waitForEnd`. */
  ended(): number {
    return Atomics.load(this.words, at.ended);
  }

  /** Sleeps until a call ends after `ended` was read, but no longer than so many ms. */
  waitForEnd(ended: number, most: number): void {
    Atomics.wait(this.words, at.ended, ended, most);
  }

  /** Sleeps until a job is put up after `job`. */
  waitForJob(job: number): void {
    Atomics.wait(this.words, at.job, job);
  }

  /** A helper says that it is there. */
  sayReady(holder: number): void {
    Atomics.store(this.words, at.ready + holder, 1);
  }

  isReady(holder: number): boolean {
    return Atomics.load(this.words, at.ready + holder) === 1;
  }

  private move(index: number, job: number, from: number, to: number): boolean {
    const expected = state(job, from);
    const found = Atomics.compareExchange(this.words, at.states + index, expected, state(job, to));
    return found === expected;
  }
}

function state(job: number, who: number): number {
  return (job << 8) | who;
}
