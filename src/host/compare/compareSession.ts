import type { ComparedPair } from '../../core/batchnorm/comparing/layerPair';
import type { Finding } from '../../core/batchnorm/diagnose/finding';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import type { CellSpread } from '../../core/statistics/cellSpread';
import type { Cells } from '../../core/tensor/cells';
import type {
  ChannelPairs,
  CompareAction,
  CompareCellsRequest,
  CompareSpreadRequest,
  CompareState,
  CompareSubject,
  CompareView,
} from '../../protocol/compare';
import { lostTensorCodes } from '../../protocol/engine';
import type { CellSubject } from '../../protocol/engineCells';
import { findAcrossFiles, findInPair } from '../findings/lazyDoctor';
import type { EngineClient } from '../inspection/inputLoader';
import type { SessionServices } from '../inspection/sessionServices';
import { Emitter, type Disposable } from '../lifecycle';
import { compareTitle, type CompareSide, type CompareSpec } from './compareSpec';
import {
  channelPairs,
  layersView,
  pairOf,
  sideView,
  tensorsView,
  worstChannels,
} from './compareView';
import { loadSides, type LoadedSides } from './loadSides';

/** What is on screen, and what it was made of. */
interface Compared {
  readonly sides: LoadedSides;
  readonly view: CompareView;
  readonly pair: ComparedPair | undefined;
  /** Channels, those that differ most first. */
  readonly order: Float64Array;
}

/** Two things beside each other: loads them, compares them, and answers what a page asks of them. */
export class CompareSession implements Disposable {
  readonly #states = new Emitter<CompareState>();
  #spec: CompareSpec;
  #state: CompareState;
  #compared: Compared | undefined;
  #work = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #revision = 0;
  #reading: Promise<void> | undefined;
  /** Whether what is on screen is of other sides than those asked for, or of an earlier reading. */
  #stale = true;

  constructor(
    private readonly services: SessionServices,
    spec: CompareSpec,
  ) {
    this.#spec = spec;
    this.#state = { kind: 'loading', what: compareTitle(spec), restore: spec };
  }

  readonly onState = this.#states.on;

  get state(): CompareState {
    return this.#state;
  }

  get spec(): CompareSpec {
    return this.#spec;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    let done;
    do {
      done = this.#done;
      await done;
    } while (done !== this.#done);
  }

  /** Reads both sides anew. */
  refresh(): Promise<void> {
    this.#stale = true;
    return this.#start(signal => this.#load(signal));
  }

  act(action: CompareAction): Result<null> {
    switch (action.kind) {
      case 'setTolerance':
        this.#spec = { ...this.#spec, tolerance: action.tolerance };
        break;
      case 'swap':
        this.#spec = { ...this.#spec, a: this.#spec.b, b: this.#spec.a };
        break;
      case 'readAgain':
        break;
    }
    const { sides } = this.#compared ?? {};
    if (action.kind === 'setTolerance' && sides && !this.#stale) {
      void this.#start(signal => this.#again(sides, signal));
    } else void this.refresh();
    return ok(null);
  }

  cells({ subject, ...request }: CompareCellsRequest, signal: AbortSignal): Promise<Result<Cells>> {
    return this.#over(subject, signal, (of, engine) =>
      engine.cells({ of, ...request }, { signal }),
    );
  }

  spread(
    { subject, grid }: CompareSpreadRequest,
    signal: AbortSignal,
  ): Promise<Result<CellSpread>> {
    return this.#over(subject, signal, (of, engine) => engine.spread({ of, grid }, { signal }));
  }

  channels(start: number, count: number): Result<ChannelPairs> {
    const { pair, order } = this.#compared ?? {};
    return pair && order ? channelPairs(pair, order, start, count) : nothingCompared;
  }

  dispose(): void {
    this.#work.abort();
    this.#release(this.#compared?.sides);
    this.#compared = undefined;
    this.#states.dispose();
  }

  /** Newest wins; one after the other, since both may step over the same input. */
  #start(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#work.abort();
    const { signal } = (this.#work = new AbortController());
    const before = this.#done;
    this.#done = before.then(() => (signal.aborted ? undefined : work(signal)));
    return this.#done;
  }

  async #load(signal: AbortSignal): Promise<void> {
    const spec = this.#spec;
    if (this.#compared) this.#show({ ...this.#compared.view, busy: true });
    else this.#tell({ kind: 'loading', what: compareTitle(spec), restore: spec });
    const sides = await loadSides(spec, this.services, signal);
    if (!sides.ok) {
      this.#fail(sides.problem);
      return;
    }
    if (signal.aborted) {
      this.#release(sides.value);
      return;
    }
    this.#revision++;
    const before = this.#compared?.sides;
    const problem = await this.#compare(sides.value, signal);
    if (problem) {
      this.#release(sides.value);
      this.#fail(problem);
    }
    // Else a newer request took its turn.
    if (this.#compared?.sides !== sides.value) return;
    this.#stale = false;
    this.#release(before);
  }

  /** With another tolerance; what was lost meanwhile is read anew. */
  async #again(sides: LoadedSides, signal: AbortSignal): Promise<void> {
    const problem = await this.#compare(sides, signal);
    if (!problem || signal.aborted) return;
    this.#stale = true;
    await this.#load(signal);
  }

  /** @returns the problem where the engine has lost the tensors: others are shown */
  async #compare(sides: LoadedSides, signal: AbortSignal): Promise<Problem | undefined> {
    const { tolerance } = this.#spec;
    const { a, b } = sides;
    const request = { a: a.tensor.id, b: b.tensor.id, tolerance };
    const tensors = await this.services.engine().compare(request, { signal });
    const pair = pairOf(sides, tolerance);
    const found = pair?.ok === true ? pair.value : undefined;
    const findings = found ? await findingsOf(sides, found) : [];
    if (signal.aborted) {
      if (this.#compared?.sides !== sides) this.#release(sides);
      return undefined;
    }
    if (!tensors.ok && lostTensorCodes.has(tensors.problem.code)) return tensors.problem;
    const view: CompareView = {
      a: this.#side(this.#spec.a, sides.a),
      b: this.#side(this.#spec.b, sides.b),
      tolerance,
      tensors: tensors.ok ? tensorsView(a, tensors.value, tolerance) : null,
      tensorProblem: tensors.ok ? null : tensors.problem,
      layers: found ? layersView(found, tolerance, findings) : null,
      layerProblem: pair?.ok === false ? pair.problem : null,
      revision: this.#revision,
      busy: false,
    };
    const order = found ? worstChannels(found) : new Float64Array(0);
    this.#compared = { sides, view, pair: found, order };
    this.#show(view);
    return undefined;
  }

  #side(side: CompareSide, loaded: LoadedSides['a']): CompareView['a'] {
    return sideView(side, loaded, this.services.reader.describe(side.source));
  }

  /** Asks about the tensors; where the engine has lost them, both are read anew, and it is asked once more. */
  async #over<T>(
    subject: CompareSubject,
    signal: AbortSignal,
    ask: (of: CellSubject, engine: EngineClient) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const asked = async (): Promise<Result<T>> => {
      const { sides } = this.#compared ?? {};
      if (!sides) return nothingCompared;
      return ask(subjectOf(subject, sides), this.services.engine());
    };
    const first = await asked();
    if (first.ok || !lostTensorCodes.has(first.problem.code) || signal.aborted) return first;
    // Several maps miss their tensors at once.
    await (this.#reading ??= this.refresh().finally(() => (this.#reading = undefined)));
    return asked();
  }

  #fail(problem: Problem): void {
    if (problem.code === 'cancelled') return;
    this.#release(this.#compared?.sides);
    this.#compared = undefined;
    const spec = this.#spec;
    this.#tell({ kind: 'failed', title: compareTitle(spec), problem, restore: spec });
  }

  #show(view: CompareView): void {
    this.#tell({ kind: 'ready', view, restore: this.#spec });
  }

  #tell(state: CompareState): void {
    this.#state = state;
    this.#states.fire(state);
  }

  #release(sides: LoadedSides | undefined): void {
    for (const id of sides?.owned ?? []) void this.services.engine().close(id);
  }
}

/** Those of the two as checkpoints of one layer first. */
async function findingsOf({ a, b }: LoadedSides, pair: ComparedPair): Promise<readonly Finding[]> {
  const across = a.ofFile && b.ofFile ? await findAcrossFiles(a.ofFile, b.ofFile) : [];
  return [...across, ...(await findInPair(pair))];
}

const nothingCompared = fail('nothing-open', 'Nothing is compared here yet.');

function subjectOf(subject: CompareSubject, { a, b }: LoadedSides): CellSubject {
  if (subject === 'difference') return { tensor: a.tensor.id, minus: b.tensor.id };
  return { tensor: subject === 'a' ? a.tensor.id : b.tensor.id };
}
