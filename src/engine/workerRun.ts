import type { Worker } from 'node:worker_threads';
import { ok, type Problem, type Result } from '../core/problem';
import type { TensorHandle } from '../core/tensor/tensor';
import type { EngineApi, EngineHostApi } from '../protocol/engine';
import type { HostFileRequests, Progress } from '../protocol/engineFiles';
import { connect, serve, type Client, type Connection } from '../protocol/rpc';
import { threadPort } from './threadPort';

/** Ids of one worker are below this; the host's ids count the runs in multiples of it. */
const idsPerRun = 2 ** 32;

export interface WorkerRunOptions {
  /** Which run this is: 1 for the first worker. */
  readonly number: number;
  readonly worker: Worker;
  readonly log: (text: string) => void;
  readonly readFile: HostFileRequests['readFile'];
  readonly progress: (progress: Progress) => void;
  /** Called once, when the worker ends without having been told to. */
  readonly crashed: (problem: Problem) => void;
  /** How long nothing must be asked of the worker for `idle` to be called, in ms. */
  readonly idleAfter: number;
  readonly idle: () => void;
}

/**
 * One life of the worker thread. The handles it gives out carry its number, so that a later run knows
 * them for lost instead of taking them for its own.
 */
export class WorkerRun {
  private readonly connection: Connection<EngineApi>;
  private readonly stopServing: () => void;
  private ended = false;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WorkerRunOptions) {
    const { worker, log, readFile, progress } = options;
    const port = threadPort(worker);
    this.connection = connect<EngineApi>(port, {
      log: error => log(`engine request: ${String(error)}`),
      abandoned: (method, result) => this.giveBack(method, result),
      waiting: waiting => this.waiting(waiting),
    });
    this.stopServing = serve<EngineHostApi>(port, {
      log: text => {
        log(text);
        return ok(null);
      },
      readFile: request => readFile(request),
      progress: told => {
        progress(told);
        return ok(null);
      },
    });
    const fail = (error: unknown): void => {
      log(`engine: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      this.crash(describe(error));
    };
    worker.on('error', fail);
    worker.on('messageerror', fail);
    worker.on('exit', code => this.crash(`exit code ${code}`));
  }

  get api(): Client<EngineApi> {
    return this.connection.api;
  }

  /** A handle of the worker's, as the host gets to see it. */
  handleOut(handle: TensorHandle): TensorHandle {
    return { ...handle, id: this.options.number * idsPerRun + handle.id };
  }

  /** @returns the worker's own id, or undefined where the handle is from a run before */
  idIn(id: number): number | undefined {
    return Math.floor(id / idsPerRun) === this.options.number ? id % idsPerRun : undefined;
  }

  async stop(problem: Problem): Promise<void> {
    this.end(problem);
    await this.options.worker.terminate();
  }

  /** An idle engine keeps no process alive, and after a while no memory. */
  private waiting(waiting: boolean): void {
    const { worker, idleAfter, idle } = this.options;
    clearTimeout(this.idleTimer);
    if (waiting) worker.ref();
    else worker.unref();
    if (!waiting && !this.ended) this.idleTimer = setTimeout(idle, idleAfter).unref();
  }

  private crash(why: string): void {
    if (this.ended) return;
    const problem: Problem = {
      code: 'engine-crashed',
      severity: 'error',
      message: `The engine stopped unexpectedly (${why}). Nothing that you set is lost: the next action starts it again.`,
    };
    this.end(problem);
    void this.options.worker.terminate();
    this.options.crashed(problem);
  }

  private end(problem: Problem): void {
    this.ended = true;
    clearTimeout(this.idleTimer);
    this.stopServing();
    this.connection.close(problem);
  }

  /** A caller gave up on an input that was made all the same: nobody will ever close it. */
  private giveBack(method: string, result: Result<unknown>): void {
    if (!result.ok || !(method in inputMade)) return;
    const made = inputMade[method as MakesInput] as (reply: unknown) => TensorHandle;
    void this.api.close(made(result.value).id);
  }
}

type Reply<M extends keyof EngineApi> =
  Awaited<ReturnType<EngineApi[M]>> extends Result<infer R> ? R : never;

/** Requests whose reply has a new input in it. An output goes with its input. */
type MakesInput = {
  [M in keyof EngineApi]: Reply<M> extends TensorHandle | { readonly input: TensorHandle }
    ? M
    : never;
}[keyof EngineApi];

/** Where a reply has its input; the compiler asks for each request that makes one. */
const inputMade: { readonly [M in MakesInput]: (reply: Reply<M>) => TensorHandle } = {
  load: handle => handle,
  copy: handle => handle,
  open: ({ input }) => input,
  openEntry: ({ input }) => input,
};

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const outOfMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return outOfMemory ? 'it ran out of memory' : error.message;
}
