import { Worker } from 'node:worker_threads';
import type { CodeFinding } from '../../../core/code/rules/codeFinding';
import { Debouncer, type Disposable } from '../../lifecycle';
import type { CheckAnswer, CheckRequest } from './checkRequest';

/** Milliseconds without a request after which the thread ends. */
const patience = 60_000;

/** Checks code in a thread of its own, so that typing never waits for it. */
export class CheckThread implements Disposable {
  #worker: Worker | undefined;
  #next = 1;
  readonly #waiting = new Map<number, (findings: readonly CodeFinding[] | undefined) => void>();
  readonly #idle = new Debouncer(() => this.#end());

  /** @param file the thread's bundle @param log is told of a thread that broke */
  constructor(
    private readonly file: string,
    private readonly log: (error: unknown) => void,
  ) {}

  /** @returns undefined where the thread broke or was let go of: nothing is known of the text then */
  check(request: Omit<CheckRequest, 'id'>): Promise<readonly CodeFinding[] | undefined> {
    this.#idle.run(patience);
    const id = this.#next++;
    const worker = (this.#worker ??= this.#start());
    return new Promise(resolve => {
      this.#waiting.set(id, resolve);
      const message: CheckRequest = { ...request, id };
      worker.postMessage(message);
    });
  }

  dispose(): void {
    this.#idle.dispose();
    this.#end();
  }

  #start(): Worker {
    const worker = new Worker(this.file);
    worker.on('message', ({ id, findings }: CheckAnswer) => {
      this.#waiting.get(id)?.(findings);
      this.#waiting.delete(id);
    });
    worker.on('error', error => {
      this.log(error);
      if (this.#worker === worker) this.#end();
    });
    worker.unref();
    return worker;
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
