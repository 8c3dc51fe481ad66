import { Script } from 'node:vm';
import { refuse } from '../../core/formats/badFile';

/** How long one call into the library may take, in ms: it reads some megabytes at most, and cannot be cancelled. */
const mostMilliseconds = 10_000;

const slot = Symbol.for('normscope.hdf5.call');
/** Only code that starts in a script can be stopped from outside, WebAssembly that it calls included. */
const script = new Script("globalThis[Symbol.for('normscope.hdf5.call')]()");

/** Runs calls into one instance of the library, until one of them does not return. */
export class TimedCalls {
  private stopped = false;

  /** @param lost told once, when the instance can no longer be used */
  constructor(
    private readonly lost: () => void,
    private readonly most = mostMilliseconds,
  ) {}

  /** @throws BadFile where the call did not return in time, now or earlier */
  run<T>(call: () => T): T {
    if (this.stopped) {
      refuse('hdf5-stopped', 'the HDF5 library was stopped over a damaged file: open it again.');
    }
    Reflect.set(globalThis, slot, call);
    try {
      return script.runInThisContext({ timeout: this.most }) as T;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      this.stopped = true;
      this.lost();
      return refuse(
        'hdf5-stopped',
        `the HDF5 library did not come to an end with it in ${this.most / 1000} s and was stopped: it is damaged.`,
      );
    } finally {
      Reflect.deleteProperty(globalThis, slot);
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
