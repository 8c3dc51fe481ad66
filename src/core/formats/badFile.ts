import type { Problem, Result } from '../problem';

/** The HDF5 library is a bundle of its own, with a class of its own: what both throw has this. */
const mark = Symbol.for('normscope.BadFile');

/**
 * Bytes that are not what their format says. A reader throws it from however deep it is, and the one
 * boundary around all readers (`guarded`) makes it the `Result` that the rest of the program sees: that
 * is cheaper than threading a `Result` through every byte of a parser. Anything else thrown is a bug.
 */
export class BadFile extends Error {
  readonly [mark] = true;

  /**
   * @param code stable id in kebab case
   * @param message a sentence that says what is wrong, where (byte, tensor) and what would be right,
   *   without the file's name: the boundary puts that before it
   */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Whether it is one, of whichever bundle. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && mark in value;
  }
}

/** Gives up on a file; see {@link BadFile}. */
export function refuse(code: string, message: string): never {
  throw new BadFile(code, message);
}

const cancelled: Problem = { code: 'cancelled', severity: 'note', message: 'Cancelled.' };

/** Ends work whose signal was aborted. */
export function heed(signal: AbortSignal): void {
  if (signal.aborted) throw new BadFile(cancelled.code, cancelled.message);
}

/** Runs a reader. @param file its name, for the message */
export async function guarded<T>(file: string, work: () => Promise<T> | T): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    if (error.code === cancelled.code) return { ok: false, problem: cancelled };
    const problem: Problem = {
      code: error.code,
      severity: 'error',
      message: `${file}: ${error.message}`,
    };
    return { ok: false, problem };
  }
}
