import type { ChannelRows } from '../../core/batchnorm/channelTable';
import type { Convention } from '../../core/batchnorm/convention';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import type { Banner, PanelState, RowsRequest } from '../../protocol/panel';
import { Emitter, type Disposable } from '../lifecycle';
import { clampView } from './actions';
import { presentInspection } from './presenter';
import type { ViewState } from './viewState';
import { RowWindow, type Shown } from './shown';
import { describeInput, sourceTitle, type InspectionSource } from './source';

/** What a screen asks about its inspection whenever it is drawn. */
export interface ScreenSubject {
  readonly id: string;
  readonly source: () => InspectionSource;
  /** Where the tensor comes from, for a person. */
  readonly describe: (source: InspectionSource) => string;
  readonly fallback: (source: InspectionSource) => Convention;
}

export interface PlacedProblem {
  readonly problem: Problem;
  /** `line 3, column 14`, or empty. */
  readonly place: string;
}

/** A result that is not there yet after this many milliseconds is said to be on its way. */
const busyAfter = 120;

const lastGoodResult = 'the last good result stays below';

/** What one inspection's panel shows: the last good result, and what has gone wrong or begun since. */
export class Screen implements Disposable {
  readonly #subject: ScreenSubject;
  readonly #states = new Emitter<PanelState>();
  readonly #rows = new RowWindow();
  #shown: Shown | undefined;
  #elementInput = NaN;
  /** The source cannot be read as it is now; stays until it can. */
  #sourceProblem: Banner | undefined;
  /** The last request failed; the next result takes it away. */
  #resultProblem: Banner | undefined;
  #busy = false;
  #state: PanelState;
  view: ViewState;
  /** About the inspection itself: started over, history forgotten. */
  notes: readonly string[] = [];

  constructor(subject: ScreenSubject, view: ViewState) {
    this.#subject = subject;
    this.view = view;
    this.#state = this.#loading();
  }

  readonly onState = this.#states.on;

  get state(): PanelState {
    return this.#state;
  }

  get shown(): Shown | undefined {
    return this.#shown;
  }

  show(shown: Shown, elementInput: number): void {
    this.#shown = shown;
    this.#resultProblem = undefined;
    this.look(elementInput);
  }

  /** Another element of what is shown, or another view of it. */
  look(elementInput: number): void {
    this.#elementInput = elementInput;
    this.#emit();
  }

  /** @param problem undefined where the source can be read again, which the next result shows */
  setSourceProblem(problem: PlacedProblem | undefined): void {
    this.#sourceProblem = problem && { ...problem, instead: lastGoodResult, again: true };
    if (problem) this.#emit();
  }

  /** @param instead what is shown in place of what was asked for */
  setResultProblem(problem: PlacedProblem, instead = lastGoodResult): void {
    this.#resultProblem = { ...problem, instead, again: false };
    this.#emit();
  }

  /** @param redraw whether nothing else is about to */
  setBusy(busy: boolean, redraw: boolean): void {
    this.#busy = busy;
    if (redraw) this.#emit();
  }

  /** Says that something is under way where it takes long enough to be noticed. */
  async whileBusy<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      if (!signal.aborted) this.setBusy(true, true);
    }, busyAfter);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      // What took its place says itself when it is done.
      if (!signal.aborted) this.setBusy(false, false);
    }
  }

  rows(request: RowsRequest): Result<ChannelRows> {
    if (!this.#shown) return fail('nothing-open', 'There are no channels to show yet.');
    return ok(this.#rows.moveTo(request, this.#shown.table, this.view.query));
  }

  dispose(): void {
    this.#states.dispose();
  }

  #emit(): void {
    this.#state = this.#present();
    this.#states.fire(this.#state);
  }

  #loading(): PanelState {
    return { kind: 'loading', what: `Reading ${sourceTitle(this.#subject.source())}…` };
  }

  #present(): PanelState {
    const source = this.#subject.source();
    const title = sourceTitle(source);
    const restore = { id: this.#subject.id };
    const problem = this.#sourceProblem ?? this.#resultProblem;
    const shown = this.#shown;
    if (!shown) {
      // What is read again may be there in a moment.
      return problem && !this.#busy
        ? {
            kind: 'failed',
            title: `Cannot inspect ${title}`,
            problem: problem.problem,
            place: problem.place,
            restore,
          }
        : this.#loading();
    }
    const view = presentInspection(shown, {
      title,
      source: this.#subject.describe(source),
      layerInput: describeInput(source, of => this.#subject.describe(of)),
      view: clampView(this.view, shown.inspection),
      elementInput: this.#elementInput,
      rows: this.#rows,
      banner: problem ?? null,
      busy: this.#busy,
      notes: this.notes,
      fallback: this.#subject.fallback(source),
    });
    return { kind: 'ready', view, restore };
  }
}
