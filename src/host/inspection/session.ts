import { randomUUID } from 'node:crypto';
import type { ChannelRows } from '../../core/batchnorm/channelTable';
import { commitSteps, type Inspection } from '../../core/batchnorm/inspection';
import { layerAfter } from '../../core/batchnorm/layer';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import type { PanelState, RowsRequest } from '../../protocol/panel';
import { eitherAborts, Emitter, type Disposable } from '../lifecycle';
import {
  applyEdit,
  applyView,
  clampView,
  isViewAction,
  readingCancelled,
  type InspectionAction,
  type ViewAction,
} from './actions';
import { appliedFix, type AppliedFix } from './fixHere';
import { EngineInput, type SteppedInput } from './engineInput';
import { followInput } from './followInput';
import { statedProblem, type LoadedInput } from './loadedInput';
import { freshView, saveInspection, type SavedInspection } from './saved';
import type { ViewState } from './viewState';
import { closed, nothingOpen } from './nothingOpen';
import { Screen } from './screen';
import type { KeptInspection, SessionServices } from './sessionServices';
import { shownOf, type Shown } from './shown';
import { ShownTensors } from './shownTensors';
import type { InspectionSource } from './source';

/** Longest run of steps that one command commits. */
export const maximumSteps = 100_000;

/**
 * One open inspection. Everything the user does goes through `act`; what is shown comes out of
 * `onState`. Edits, toggles and changes of the source recompute the preview of the next step, newest
 * first; only steps commit. The last good result stays until there is a better one.
 */
export class InspectionSession implements Disposable {
  readonly id: string;
  /** The tensors behind what is shown. */
  readonly tensors: ShownTensors;
  readonly #services: SessionServices;
  readonly #engineInput: EngineInput;
  readonly #screen: Screen;
  readonly #notices = new Emitter<string>();
  #source: InspectionSource;
  /** Where the user is. Ahead of what is shown while a preview is under way. */
  #inspection: Inspection | undefined;
  #restored: SavedInspection | undefined;
  #fixed: AppliedFix | undefined;
  #toggled = false;
  #disposed = false;
  /** Edits and commits happen one after the other, in the order they were asked for. */
  #queue: Promise<unknown> = Promise.resolve();
  #refreshing: Promise<void> = Promise.resolve();
  #previewing: Promise<void> = Promise.resolve();
  #preview = new AbortController();
  /** Whether a preview is under way, which shows the view as it is by then. */
  #awaited = false;
  /** Whether a commit of several steps is being computed. */
  #running = false;
  /** Undefined while the source is not being read. */
  #reading: AbortController | undefined;
  /** Whether the source could be read last, and not be run as the user has it. */
  #refused = false;

  constructor(services: SessionServices, source: InspectionSource, kept?: KeptInspection) {
    const { reader, engine, fallback } = services;
    this.id = kept?.id ?? randomUUID();
    this.#services = services;
    this.#source = source;
    this.#restored = kept?.saved;
    this.#engineInput = new EngineInput(engine, signal => reader.read(this.#source, signal));
    const describe = (of: InspectionSource): string => reader.describe(of);
    const subject = { id: this.id, source: () => this.#source, describe, fallback };
    this.#screen = new Screen(subject, kept?.saved.view ?? freshView);
    this.onState = this.#screen.onState;
    this.tensors = new ShownTensors({
      input: this.#engineInput,
      shown: () => this.shown,
      view: () => this.view,
      awaitsNext: () => this.#awaited && this.shown?.inspection !== this.#inspection,
      settled: () => this.settled(),
      enqueue: task => this.#enqueue(task),
    });
  }

  /** Fires with every state worth showing. */
  readonly onState: Screen['onState'];

  /** Fires with a sentence about something that happened to the inspection without being asked for. */
  readonly onNotice = this.#notices.on;

  get state(): PanelState {
    return this.#screen.state;
  }

  get source(): InspectionSource {
    return this.#source;
  }

  /** The inspection as the user has it now; undefined until something could be read. */
  get inspection(): Inspection | undefined {
    return this.#inspection;
  }

  get shown(): Shown | undefined {
    return this.#screen.shown;
  }

  /** The fix that was applied last, while it is what led to what is shown. */
  get fixed(): AppliedFix | undefined {
    return this.shown?.fixed ? this.#fixed : undefined;
  }

  get view(): ViewState {
    return this.#screen.view;
  }

  /** Whether a flag was ever set here. */
  get toggled(): boolean {
    return this.#toggled;
  }

  /** A literal moves as the text around it is edited. */
  moveSource(source: InspectionSource): void {
    this.#source = source;
  }

  /** Plain JSON from which the same inspection opens again. */
  save(): unknown {
    return saveInspection(this.#source, this.view, this.#inspection ?? this.#restored?.inspection);
  }

  /**
   * Reads the source, anew if need be, and follows it. Newest wins. Where it cannot be read or run, the
   * last good result stays and the state says what broke and where.
   */
  refresh(): Promise<void> {
    this.#refreshing = this.#refresh();
    return this.#refreshing;
  }

  /**
   * Stops reading the source, and the step over it that would show it. The last good result stays; where
   * there is none, the state says how to read it again.
   */
  cancelReading(): void {
    if (!this.#reading) return;
    this.#reading.abort();
    this.#reading = undefined;
    this.#screen.setBusy(false, false);
    this.#breakSource(readingCancelled(this.#source), '');
  }

  /** Does what the user asked; a problem where it cannot be done, and then nothing has changed. */
  act(action: InspectionAction): Promise<Result<null>> {
    // A run of many steps gives way to whatever is asked for next: nothing waits minutes behind it.
    if (this.#running && !isViewAction(action)) this.#preview.abort();
    return this.#enqueue(() => {
      const inspection = this.#inspection;
      const { shown } = this.#screen;
      if (this.#disposed) return Promise.resolve(closed);
      if (!inspection || !shown) return Promise.resolve(nothingOpen);
      if (action.kind === 'step') return this.#commit(inspection, shown, action.count);
      if (isViewAction(action)) return this.#look(inspection, shown, action);
      const next = applyEdit(inspection, action, shown.findings);
      if (!next.ok) return Promise.resolve(next);
      if (action.kind === 'fixHere') {
        this.#fixed = appliedFix(action.finding, inspection, shown, next.value);
      }
      this.#toggled ||= action.kind === 'setFlags' || action.kind === 'toggleFlag';
      this.#moveTo(next.value);
      // What the source was refused for may be allowed now.
      if (this.#refused) void this.refresh();
      return Promise.resolve(ok(null));
    });
  }

  rows(request: RowsRequest): Result<ChannelRows> {
    return this.#screen.rows(request);
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    let last: readonly unknown[] = [];
    for (;;) {
      const now = [this.#refreshing, this.#queue, this.#previewing];
      if (now.every((task, i) => task === last[i])) return;
      last = now;
      await Promise.all(now);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#reading?.abort();
    this.#preview.abort();
    if (this.shown) this.#engineInput.release(this.shown.input);
    this.#screen.dispose();
    this.#notices.dispose();
  }

  #enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async #refresh(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#refused = false;
    const { signal } = reading;
    const loaded = await this.#screen.whileBusy(signal, () => this.#engineInput.load(signal));
    await this.#enqueue(async () => {
      if (loaded.ok && (signal.aborted || this.#disposed)) this.#engineInput.release(loaded.value);
      else if (loaded.ok) await this.#adopt(loaded.value, signal);
      else if (!signal.aborted) this.#breakSource(loaded.problem, loaded.place);
    });
    if (this.#reading === reading) this.#reading = undefined;
  }

  /** The next inspection becomes the user's, and its preview is computed. */
  #moveTo(next: Inspection): void {
    if (next !== this.#inspection) this.#screen.notes = [];
    this.#inspection = next;
    this.#screen.view = clampView(this.view, next);
    const { shown } = this.#screen;
    if (shown) this.#previewing = this.#showPreview(next, shown.input);
  }

  /** After a request that took the preview's place and came to nothing. */
  #resumePreview(): void {
    const { shown } = this.#screen;
    if (shown && this.#inspection && shown.inspection !== this.#inspection) {
      this.#moveTo(this.#inspection);
    } else this.#screen.setBusy(false, true);
  }

  async #showPreview(inspection: Inspection, input: LoadedInput): Promise<void> {
    const signal = this.#newest();
    this.#awaited = true;
    const stepped = await this.#step(inspection, input, 1, signal);
    if (signal.aborted) return;
    this.#awaited = stepped.ok;
    if (stepped.ok) await this.#show(inspection, stepped.value, signal);
    else if (stepped.problem.code === 'source-changed') void this.refresh();
    else this.#breakResult(stepped.problem);
  }

  /** Cancels the preview under way; the returned signal is the next one's. */
  #newest(): AbortSignal {
    this.#preview.abort();
    this.#preview = new AbortController();
    if (this.#disposed) this.#preview.abort();
    return this.#preview.signal;
  }

  #step(
    inspection: Inspection,
    input: LoadedInput,
    count: number,
    signal: AbortSignal,
  ): Promise<Result<SteppedInput>> {
    return this.#screen.whileBusy(signal, () =>
      this.#engineInput.step(inspection, input, count, signal),
    );
  }

  /** Puts a result on screen. */
  async #show(inspection: Inspection, result: SteppedInput, signal: AbortSignal): Promise<void> {
    const shown = await shownOf(inspection, result.input, result.stepped, this.#fixed);
    const x = await this.#lookedAt(shown, signal);
    const before = this.shown;
    if (signal.aborted) {
      if (this.#disposed && before?.input !== shown.input) this.#engineInput.release(shown.input);
      return;
    }
    this.#screen.show(shown, x);
    if (before) this.#engineInput.replace(before.input, shown.input);
  }

  /** The input at the selected element; another may be selected while the engine reads one. */
  async #lookedAt(shown: Shown, signal: AbortSignal): Promise<number> {
    for (;;) {
      const { view } = this;
      const x = await this.#engineInput.elementInput(shown, view, signal);
      if (signal.aborted || view === this.view) return x;
    }
  }

  async #commit(inspection: Inspection, shown: Shown, count: number): Promise<Result<null>> {
    if (count > maximumSteps) {
      const message = `Run at most ${maximumSteps} steps at once; ${count} were asked for.`;
      return fail('too-many-steps', message);
    }
    const done =
      count === 1 && shown.inspection === inspection
        ? ok({ stepped: shown.stepped, input: shown.input })
        : await this.#run(inspection, shown.input, count);
    if (!done.ok) {
      this.#resumePreview();
      return done;
    }
    const { trace, ...rest } = done.value.stepped;
    const after = layerAfter(inspection.present.layer, { ...trace, ...rest });
    this.#moveTo(commitSteps(inspection, after, count));
    return ok(null);
  }

  async #run(
    inspection: Inspection,
    input: LoadedInput,
    count: number,
  ): Promise<Result<SteppedInput>> {
    this.#running = count > 1;
    const done = await this.#step(inspection, input, count, this.#newest());
    this.#running = false;
    return done;
  }

  async #look(inspection: Inspection, shown: Shown, action: ViewAction): Promise<Result<null>> {
    const view = applyView(this.view, inspection, action);
    if (!view.ok) return view;
    this.#screen.view = view.value;
    if (shown.inspection !== inspection && this.#awaited) return ok(null);
    // Where the preview failed, the last good result is what there is to look at.
    const within = clampView(view.value, shown.inspection);
    this.#screen.look(await this.#engineInput.elementInput(shown, within));
    return ok(null);
  }

  /** Takes over what was read: history and what-ifs stay where they still fit. */
  async #adopt(input: LoadedInput, signal: AbortSignal): Promise<void> {
    const before = this.#inspection ?? this.#restored?.inspection;
    const fallback = this.#services.fallback(this.#source);
    const followed = followInput(input, { before, isShown: !!this.shown }, fallback);
    if (!followed.ok) {
      this.#engineInput.release(input);
      await this.#refuseSource(followed.problem, signal);
      return;
    }
    const { inspection, refused, restarted } = followed.value;
    const preview = this.#newest();
    const stepped = await this.#step(inspection, input, 1, eitherAborts(signal, preview));
    if (!stepped.ok) {
      this.#engineInput.release(input);
      await this.#refuseSource(statedProblem(input, stepped.problem), signal);
      this.#resumePreview();
      return;
    }
    this.#inspection = inspection;
    this.#screen.view = clampView(this.view, inspection);
    this.#screen.setSourceProblem(undefined);
    this.#noteChange(restarted);
    await this.#show(inspection, stepped.value, preview);
    if (refused) await this.#explainRefusal(statedProblem(input, refused));
  }

  /** The source states flags that its convention refuses, and opened with others. */
  async #explainRefusal(problem: Problem): Promise<void> {
    const place = await this.#engineInput.place(problem);
    this.#screen.setResultProblem({ problem, place }, 'shown below with training off');
  }

  #noteChange(restarted: boolean): void {
    const forgotten = this.#restored?.forgotten ?? 0;
    this.#restored = undefined;
    const notice = 'The source states another layer now: steps and what-ifs started over.';
    this.#screen.notes = restarted
      ? [notice]
      : forgotten > 0
        ? [
            `The ${forgotten} states of the history that are furthest from the present were too large to keep over the reload.`,
          ]
        : [];
    if (restarted) this.#notices.fire(notice);
  }

  async #refuseSource(problem: Problem, signal: AbortSignal): Promise<void> {
    const place = await this.#engineInput.place(problem);
    if (signal.aborted) return;
    this.#refused = true;
    this.#breakSource(problem, place);
  }

  #breakSource(problem: Problem, place: string): void {
    if (problem.code === 'cancelled' || this.#disposed) return;
    this.#screen.setSourceProblem({ problem, place });
  }

  #breakResult(problem: Problem): void {
    if (problem.code === 'cancelled' || this.#disposed) return;
    this.#screen.setResultProblem({ problem, place: '' });
  }
}
