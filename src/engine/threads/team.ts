import type { Worker } from 'node:worker_threads';
import type { KernelCalls } from '../kernels/pass';
import { compiledKernels } from '../kernels/webAssembly';
import type { EngineMemory } from '../memory/engineMemory';
import { letOthersIn } from '../slices';
import type { HelperData } from './helperData';
import { engineHolder, firstHelper, JobBoard, mostHelpers } from './jobBoard';

export interface TeamOptions {
  /** Starts a thread of dist/helper.js with these as its `workerData`. */
  readonly start: (data: HelperData) => Worker;
  /** How many threads there are beside the engine's own. */
  readonly helpers: number;
  /** Takes a line for the log. */
  readonly log: (text: string) => void;
  /** How long a helper may have one call in hand before it is taken for stuck, in ms: calls take one or two. */
  readonly patience?: number;
  /** How long the end of a terminated helper is waited for, in ms. */
  readonly lastPatience?: number;
  /** Ends the engine: a thread that cannot be stopped may write to its memory at any time. */
  readonly fatal?: (error: Error) => void;
}

/** On a machine that is busy with other things a thread may get no turn for a while. */
const defaultPatience = 3000;
const defaultLastPatience = 20_000;

/** How long the engine's thread looks out for the last calls before it sleeps, in ms. */
const lookout = 0.2;

/** How long it sleeps before messages get their turn, in ms. */
const nap = 4;

interface Helper {
  readonly holder: number;
  readonly worker: Worker;
  gone: boolean;
}

/**
 * Helper threads, which take calls of passes beside the engine's own thread. They start when the team is
 * made, and nobody waits for that. One that fails, or that is stuck, is terminated, and its calls are done by
 * the others; it is not replaced. All of them end with the thread that made the team.
 */
export class Team {
  private readonly board = new JobBoard();
  private readonly helpers: Helper[] = [];
  private working = false;

  constructor(
    private readonly memory: EngineMemory,
    private readonly options: TeamOptions,
  ) {
    const count = Math.min(options.helpers, mostHelpers);
    for (let i = 0; i < count; i++) this.start(firstHelper + i);
  }

  /** Helpers that are there. */
  get ready(): number {
    return this.helpers.filter(({ gone, holder }) => !gone && this.board.isReady(holder)).length;
  }

  /**
   * Lets the helpers start on the calls of a pass.
   * @returns undefined where there is nobody to help now: then the engine's thread does everything
   */
  begin(calls: KernelCalls): SharedJob | undefined {
    if (this.working || !JobBoard.holds(calls) || this.ready === 0) return undefined;
    this.working = true;
    const job = this.board.open(calls, this.memory.pages);
    return new SharedJob(this.board, job, {
      lose: holders => this.lose(holders),
      gone: () => this.helpers.filter(({ gone }) => gone).map(({ holder }) => holder),
      close: () => (this.working = false),
      patience: this.options.patience ?? defaultPatience,
    });
  }

  /** Ends the helpers. A job must not be under way. */
  async close(): Promise<void> {
    await Promise.all(this.helpers.map(({ worker }) => worker.terminate()));
  }

  private start(holder: number): void {
    const { start, log } = this.options;
    try {
      const data = { module: compiledKernels(), memory: this.memory.memory, holder };
      const worker = start({ ...data, board: this.board.buffer });
      const helper: Helper = { holder, worker, gone: false };
      worker.on('error', error => log(`a helper thread failed: ${String(error)}`));
      worker.on('exit', () => (helper.gone = true));
      // The engine ends when nothing is asked of it, whoever could help.
      worker.unref();
      this.helpers.push(helper);
    } catch (error) {
      log(`a helper thread cannot be started: ${String(error)}`);
    }
  }

  /** Terminates helpers: after that they write nothing any more. */
  private async lose(holders: ReadonlySet<number>): Promise<void> {
    const { log, fatal = crash, lastPatience = defaultLastPatience } = this.options;
    for (const helper of this.helpers) {
      if (!holders.has(helper.holder)) continue;
      log('a helper thread does not come to an end, and is terminated');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>(resolve => {
        timer = setTimeout(() => resolve('late'), lastPatience);
      });
      const ended = await Promise.race([helper.worker.terminate(), late]);
      clearTimeout(timer);
      if (ended !== 'late') continue;
      fatal(new Error('a helper thread cannot be terminated'));
      // Whoever waits would give memory back that the thread may still write to.
      await new Promise(() => undefined);
    }
  }
}

/** As an exception of the thread that nobody catches: its host hears of it as of any crash. */
function crash(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

interface JobOwner {
  readonly patience: number;
  lose(holders: ReadonlySet<number>): Promise<void>;
  /** Helpers that have ended. */
  gone(): readonly number[];
  close(): void;
}

/** The calls of one pass, some of which helpers do. */
export class SharedJob {
  private next = 0;

  constructor(
    private readonly board: JobBoard,
    private readonly job: number,
    private readonly owner: JobOwner,
  ) {}

  /** Takes a call for the engine's thread. @returns its index, or undefined where none is left */
  take(): number | undefined {
    const index = this.board.take(this.job, this.next, engineHolder);
    this.next = index + 1;
    return index < 0 ? undefined : index;
  }

  end(index: number): void {
    this.board.end(this.job, index, engineHolder);
  }

  /** Waits until no helper has a call in hand. @returns whether all are done; else some are free again */
  async settled(): Promise<boolean> {
    const { board, owner } = this;
    let since = performance.now();
    let turn = since;
    for (let ended = board.ended(); board.isHeld();) {
      const now = performance.now();
      if (board.ended() !== ended) [ended, since] = [board.ended(), now];
      if (now - since > lookout) board.waitForEnd(ended, nap);
      if (now - turn > nap) {
        await letOthersIn();
        turn = performance.now();
        for (const holder of owner.gone()) board.release(this.job, holder);
        if (turn - since > owner.patience) await owner.lose(board.holders());
      }
    }
    this.next = 0;
    return board.isDone();
  }

  /** Lets nobody start on what is left, and waits for those who have. */
  async close(): Promise<void> {
    this.board.withdraw(this.job);
    while (this.board.isHeld()) {
      await this.settled();
      // What a lost helper had is free again.
      this.board.withdraw(this.job);
    }
    this.owner.close();
  }
}
