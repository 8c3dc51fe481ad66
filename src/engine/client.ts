import type { Worker } from 'node:worker_threads';
import { fail, ok, type Problem, type Result } from '../core/problem';
import type { EngineApi } from '../protocol/engine';
import type { CellSubject } from '../protocol/engineCells';
import type { HostFileRequests, Progress } from '../protocol/engineFiles';
import type { Client } from '../protocol/rpc';
import { ProgressWatchers, type ProgressWatch } from './progressWatchers';
import { WorkerRun } from './workerRun';

export interface EngineClientOptions {
  /** Starts a worker of dist/engine.js. Called on first use, and on the first use after it has ended. */
  readonly start: () => Worker;
  /** Takes a line for the log. */
  readonly log: (text: string) => void;
  /** Reads a file of a virtual file system, whole; absent where there are none. */
  readonly readFile?: HostFileRequests['readFile'];
  /** How long the worker stays when nothing is asked of it, in ms: a minute, where nobody says. */
  readonly idleAfter?: number;
  /** Told that the worker has ended because nothing was asked of it. */
  readonly onIdle?: () => void;
}

/** WebAssembly memory never shrinks: what tensors took goes back to the machine with the worker. */
const defaultIdleAfter = 60_000;

/**
 * The engine in its worker thread, as the host sees it. No method ever rejects. A worker of which nothing
 * is asked for a minute ends, with all its tensors; handles from before then get `engine-restarted`, as
 * after a crash, and the next request starts a new worker.
 */
export interface EngineClient extends Client<EngineApi> {
  /**
   * Hears of every crash. Calls under way get the problem `engine-crashed`; tensors from before are gone
   * and their handles get `engine-restarted` (`lostTensorCodes`), so that the caller loads its source
   * again. The next request starts a new worker.
   * @returns a function that stops listening
   */
  onCrash(listener: (problem: Problem) => void): () => void;
  /** Hears how far a request is that carries the number: `openEntry({ …, progress: watch.progress })`. */
  watchProgress(listener: (progress: Progress) => void): ProgressWatch;
  /** Stops the worker. Calls under way, and later ones, get the problem `engine-stopped`. */
  dispose(): Promise<void>;
}

export function createEngineClient(options: EngineClientOptions): EngineClient {
  const lives = new Lives(options);
  return {
    check: lives.in((run, source, call) => run.api.check(source, call)),
    locate: lives.in((run, request, call) => run.api.locate(request, call)),
    open: lives.in(async (run, source, call) => {
      const opened = await run.api.open(source, call);
      if (!opened.ok) return opened;
      return ok({ ...opened.value, input: run.handleOut(opened.value.input) });
    }),
    catalog: lives.in((run, request, call) => run.api.catalog(request, call)),
    openEntry: lives.in(async (run, request, call) => {
      const opened = await run.api.openEntry(request, call);
      if (!opened.ok) return opened;
      return ok({ ...opened.value, input: run.handleOut(opened.value.input) });
    }),
    readLayer: lives.in((run, request, call) => run.api.readLayer(request, call)),
    load: lives.in(async (run, input, call) => {
      const loaded = await run.api.load(input, call);
      return loaded.ok ? ok(run.handleOut(loaded.value)) : loaded;
    }),
    step: lives.in(async (run, request, call) => {
      const input = run.idIn(request.input);
      if (input === undefined) return restarted();
      const stepped = await run.api.step({ ...request, input }, call);
      if (!stepped.ok) return stepped;
      return ok({ ...stepped.value, output: run.handleOut(stepped.value.output) });
    }),
    read: lives.in(async (run, request, call) => {
      const tensor = run.idIn(request.tensor);
      return tensor === undefined ? restarted() : run.api.read({ ...request, tensor }, call);
    }),
    cells: lives.in(async (run, request, call) => {
      const of = subjectIn(run, request.of);
      return of === undefined ? restarted() : run.api.cells({ ...request, of }, call);
    }),
    spread: lives.in(async (run, request, call) => {
      const of = subjectIn(run, request.of);
      return of === undefined ? restarted() : run.api.spread({ ...request, of }, call);
    }),
    ...measuring(lives),
    gradients: lives.in(async (run, request, call) => {
      const input = run.idIn(request.input);
      return input === undefined ? restarted() : run.api.gradients({ ...request, input }, call);
    }),
    preview: lives.in((run, request, call) => run.api.preview(request, call)),
    close: async (tensor, call) => {
      const id = lives.running?.idIn(tensor);
      return id === undefined || !lives.running ? ok(null) : lives.running.api.close(id, call);
    },
    memory: async (_, call) =>
      lives.running ? lives.running.api.memory(null, call) : ok({ numTensors: 0, numBytes: 0 }),
    onCrash: listener => lives.onCrash(listener),
    watchProgress: listener => lives.watchers.watch(listener),
    dispose: () => lives.dispose(),
  };
}

/** Requests about live tensors whole. */
function measuring(
  lives: Lives,
): Pick<Client<EngineApi>, 'histogram' | 'extremes' | 'compare' | 'ratios' | 'copy'> {
  return {
    histogram: lives.in(async (run, request, call) => {
      const tensor = run.idIn(request.tensor);
      return tensor === undefined ? restarted() : run.api.histogram({ ...request, tensor }, call);
    }),
    extremes: lives.in(async (run, request, call) => {
      const input = run.idIn(request.input);
      return input === undefined ? restarted() : run.api.extremes({ ...request, input }, call);
    }),
    compare: lives.in(async (run, request, call) => {
      const [a, b] = [run.idIn(request.a), run.idIn(request.b)];
      if (a === undefined || b === undefined) return restarted();
      return run.api.compare({ ...request, a, b }, call);
    }),
    ratios: lives.in(async (run, request, call) => {
      const [a, b] = [run.idIn(request.a), run.idIn(request.b)];
      if (a === undefined || b === undefined) return restarted();
      return run.api.ratios({ ...request, a, b }, call);
    }),
    copy: lives.in(async (run, tensor, call) => {
      const id = run.idIn(tensor);
      if (id === undefined) return restarted();
      const copied = await run.api.copy(id, call);
      return copied.ok ? ok(run.handleOut(copied.value)) : copied;
    }),
  };
}

/** The tensors of a subject as the worker knows them; undefined where it no longer does. */
function subjectIn(run: WorkerRun, of: CellSubject): CellSubject | undefined {
  const tensor = run.idIn(of.tensor);
  if (tensor === undefined) return undefined;
  if (of.minus === undefined) return { tensor };
  const minus = run.idIn(of.minus);
  return minus === undefined ? undefined : { tensor, minus };
}

/** The worker's lives, one after the other. */
class Lives {
  running: WorkerRun | undefined;
  private started = 0;
  private disposed = false;
  readonly watchers = new ProgressWatchers();
  private readonly listeners = new Set<(problem: Problem) => void>();

  constructor(private readonly options: EngineClientOptions) {}

  /** A method that runs in the present life, or starts the next one. */
  in<A, O, R>(
    method: (run: WorkerRun, argument: A, options: O) => Promise<Result<R>>,
  ): (argument: A, options: O) => Promise<Result<R>> {
    return async (argument, options) => {
      const run = this.run();
      return run.ok ? method(run.value, argument, options) : run;
    };
  }

  onCrash(listener: (problem: Problem) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.listeners.clear();
    const { running } = this;
    this.running = undefined;
    await running?.stop(stopped);
  }

  private run(): Result<WorkerRun> {
    if (this.disposed) return { ok: false, problem: stopped };
    if (this.running) return ok(this.running);
    const { start, log, readFile = noVirtualFiles } = this.options;
    try {
      this.running = new WorkerRun({
        number: ++this.started,
        worker: start(),
        log,
        readFile,
        progress: progress => this.watchers.tell(progress),
        crashed: problem => this.crashed(problem),
        idleAfter: this.options.idleAfter ?? defaultIdleAfter,
        idle: () => void this.idle(),
      });
      return ok(this.running);
    } catch (error) {
      log(`engine start: ${String(error)}`);
      return fail('engine-not-started', `The engine could not be started (${String(error)}).`);
    }
  }

  private async idle(): Promise<void> {
    const { running } = this;
    this.running = undefined;
    await running?.stop(stopped);
    this.options.onIdle?.();
  }

  private crashed(problem: Problem): void {
    this.running = undefined;
    for (const listener of this.listeners) listener(problem);
  }
}

const noVirtualFiles: HostFileRequests['readFile'] = ({ uri }) =>
  Promise.resolve(fail('file-unreadable', `${uri} cannot be read here.`));

const stopped: Problem = {
  code: 'engine-stopped',
  severity: 'note',
  message: 'The engine was stopped.',
};

function restarted(): Result<never> {
  return fail(
    'engine-restarted',
    'The engine was started anew and no longer has this tensor: open its source again.',
  );
}
