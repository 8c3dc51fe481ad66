import type { Problem } from '../../core/problem';
import { cancelledByUser, type FileStamp } from './fileEngine';

/** @returns undefined where there is no such file */
export type ReadStamp = () => Promise<FileStamp | undefined>;

/** A file that could not be read is read again after this many milliseconds, in case it is being written. */
export const settleDelay = 800;

export const beingWritten = 'file-being-written';

/** Nobody writes on at a file that has rested this long, in milliseconds. */
const restedAfter = 10_000;

/**
 * Tells a file that is being written from one that is broken: a failure counts only when the file's size and
 * time have not changed since the failure before.
 */
export class WriteWatch {
  readonly #stamp: ReadStamp;
  readonly #now: () => number;
  #failedAt: FileStamp | undefined;

  /** @param now the clock that the stamps are of */
  constructor(stamp: ReadStamp, now: () => number = Date.now) {
    this.#stamp = stamp;
    this.#now = now;
  }

  /** A read went well. */
  succeeded(): void {
    this.#failedAt = undefined;
  }

  /** @returns whether the file may be half-written, so that it has to be read again after {@link settleDelay} */
  async isBeingWritten(problem: Problem): Promise<boolean> {
    if (problem.code === 'cancelled' || problem.code === cancelledByUser) return false;
    const now = await this.#stamp();
    // Writers that replace a file remove it first: it may be there again in a moment.
    const stamp = now ?? { size: -1, changed: -1 };
    if (now && this.#now() - now.changed > restedAfter) return false;
    const before = this.#failedAt;
    this.#failedAt = stamp;
    return before?.size !== stamp.size || before.changed !== stamp.changed;
  }
}
