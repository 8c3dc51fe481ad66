import { fail, type Result } from '../../core/problem';
import { nothingOpen } from './nothingOpen';
import type { EngineInput, LiveResult, ResultTensors, Turn } from './engineInput';
import type { ViewState } from './viewState';
import type { Shown } from './shown';

/** What the tensors of an inspection are read from. */
export interface TensorsOwner {
  readonly input: EngineInput;
  readonly shown: () => Shown | undefined;
  readonly view: () => ViewState;
  /** Whether a result that will replace it is being computed. */
  readonly awaitsNext: () => boolean;
  /** Resolves when nothing is under way any more. */
  readonly settled: () => Promise<void>;
  /** Runs a task when those before it are done: a toggle meanwhile would replace the output. */
  readonly enqueue: <T>(task: () => Promise<T>) => Promise<T>;
}

/** A result on screen and the ids of its tensors in the engine. */
export interface ShownResult extends LiveResult {
  readonly shown: Shown;
  readonly view: ViewState;
}

/** The tensors behind what one inspection shows. */
export class ShownTensors {
  constructor(private readonly owner: TensorsOwner) {}

  /** What is on screen, for pictures that need none of its tensors. */
  get showing(): Shown | undefined {
    return this.owner.shown();
  }

  /** All elements of the input and of the output as shown, for copying and saving. */
  async all(signal?: AbortSignal): Promise<Result<ResultTensors>> {
    const { owner } = this;
    await owner.settled();
    return owner.enqueue(() => {
      const shown = owner.shown();
      return shown ? owner.input.tensors(shown, signal) : Promise.resolve(nothingOpen);
    });
  }

  /**
   * Asks the engine about the tensors of what is shown now. Where the engine has lost them, they are read
   * and computed again first. Where a newer result replaces them, that is the problem `superseded`: the
   * next state follows.
   */
  over<T>(
    signal: AbortSignal,
    ask: (result: ShownResult) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const { input, shown: showing, view } = this.owner;
    const shown = showing();
    if (!shown) return Promise.resolve(nothingOpen);
    return input.over(
      shown,
      signal,
      live => ask({ ...live, shown, view: view() }),
      this.turnFor(shown),
    );
  }

  /** Waits for what is under way: a step over the same input would cancel it. */
  private turnFor(shown: Shown): Turn {
    const { owner } = this;
    return async (_met, again) => {
      await owner.settled();
      return owner.enqueue(() => {
        const stays = owner.shown() === shown && !owner.awaitsNext();
        return stays ? again() : Promise.resolve(superseded);
      });
    };
  }
}

const superseded = fail('superseded', 'Another result takes its place: the next state has it.');
