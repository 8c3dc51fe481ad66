import type { Result } from '../../core/problem';
import { cancelled } from '../../protocol/rpc';

/** Work that several ask for at once, and that is done once for all of them. */
export class SharedWork<Key extends object, T> {
  readonly #running = new Map<Key, Promise<Result<T>>>();

  /**
   * @param work done with the signal of whoever asked first; where that cancels it, the next one does it again
   */
  async of(key: Key, signal: AbortSignal, work: () => Promise<Result<T>>): Promise<Result<T>> {
    for (;;) {
      const running = this.#running.get(key);
      if (!running) return this.#run(key, work);
      const result = await running;
      const others = !result.ok && result.problem.code === cancelled.code;
      if (!others || signal.aborted) return result;
    }
  }

  #run(key: Key, work: () => Promise<Result<T>>): Promise<Result<T>> {
    const running = work().finally(() => {
      this.#running.delete(key);
    });
    this.#running.set(key, running);
    return running;
  }
}
