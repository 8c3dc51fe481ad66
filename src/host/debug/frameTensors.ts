import { changeText, type Snapshot } from '../../core/debug/change';
import type { ListedValue } from '../../core/debug/answers';
import type { Result } from '../../core/problem';
import { Debouncer, DisposableStore, Emitter, type Disposable } from '../lifecycle';
import type { ModuleSource, VariableSource } from '../inspection/source';
import type { DebugSessions } from './debugSessions';
import { list } from './evaluator';
import { currentFrame, type PausedFrame } from './frames';

/** A line of the view: what the frame holds under an expression, or what became of what is pinned. */
export interface FrameRow {
  readonly expression: string;
  /** Undefined where the frame does not have it. */
  readonly value: ListedValue['value'] | undefined;
  readonly pinned: boolean;
  /** Of a pinned one: what changed since the stop before, or why it is not there. */
  readonly change: string;
}

/** Reads all values of something that is pinned. */
export type ReadSnapshot = (
  source: VariableSource | Omit<ModuleSource, 'input'>,
  signal: AbortSignal,
) => Promise<Result<Snapshot>>;

interface Pin {
  readonly uri: string;
  readonly frame: string;
  readonly name: string;
  /** Of the stop before the one that it was read at last. */
  before: Snapshot | undefined;
  last: Snapshot | undefined;
  /** Number of the stop that `last` is of. */
  stop: number;
  change: string;
}

/** How long after a stop the frame is looked at, in milliseconds: who steps quickly does not wait for it. */
const settleAfter = 100;

/** Elements of each tensor whose health is measured. */
const healthElements = 1 << 18;

/** Of a listing, in milliseconds. What it looks at is bounded in the program too. */
const listLimit = 5_000;

/**
 * The tensors and batch norms of the frame that the user looks at, and those that are pinned. They are read anew at every
 * stop while somebody looks; a program that goes on stops that.
 */
export class FrameTensors implements Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<undefined>());
  readonly #pins: Pin[] = [];
  #at: PausedFrame | undefined;
  #listed: readonly ListedValue[] = [];
  #problem = '';
  #visible = false;
  #stop = 0;
  /** Whether what is shown is of another stop or frame. */
  #stale = true;
  #looking = new AbortController();
  #looked: Promise<void> = Promise.resolve();

  constructor(
    private readonly sessions: DebugSessions,
    private readonly snapshot: ReadSnapshot,
  ) {
    const later = this.#store.add(new Debouncer(() => void this.look()));
    const soon = (): void => {
      this.#looking.abort();
      this.#stale = true;
      if (this.#visible) later.run(settleAfter);
    };
    this.#store.add(
      sessions.onStopped(() => {
        this.#stop++;
        soon();
      }),
    );
    this.#store.add(sessions.onFrameChosen(soon));
    this.#store.add(sessions.onRunning(() => this.#looking.abort()));
    this.#store.add(sessions.onEnded(soon));
  }

  /** Fires where other lines are there to be shown. */
  readonly onChanged = this.#changed.on;

  /** Why there are none. */
  get problem(): string {
    return this.#problem;
  }

  /** Pinned ones first. */
  get rows(): readonly FrameRow[] {
    const pinned = this.#pins.map(({ name, change, uri, frame }): FrameRow => {
      const listed = this.#listed.find(({ expression }) => expression === name);
      const here = this.#isAt(uri, frame);
      return {
        expression: name,
        value: here ? listed?.value : undefined,
        pinned: true,
        change: here ? change : `waits for the next stop in ${frame}`,
      };
    });
    const others = this.#listed.filter(({ expression }) => !this.#pinOf(expression));
    return [
      ...pinned,
      ...others.map(({ expression, value }): FrameRow => {
        return { expression, value, pinned: false, change: '' };
      }),
    ];
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    if (visible) void this.look();
  }

  /** Reads it again at every stop from now on. */
  async pin(expression: string): Promise<void> {
    if (!this.#at || this.#pinOf(expression)) return;
    const { uri, name: frame } = this.#at.frame;
    const pin: Pin = {
      uri,
      frame,
      name: expression,
      before: undefined,
      last: undefined,
      stop: 0,
      change: '',
    };
    this.#pins.push(pin);
    this.#changed.fire(undefined);
    await this.#read(pin, this.#looking.signal);
    this.#changed.fire(undefined);
  }

  unpin(expression: string): void {
    const pin = this.#pinOf(expression) ?? this.#pins.find(({ name }) => name === expression);
    if (!pin) return;
    this.#pins.splice(this.#pins.indexOf(pin), 1);
    this.#changed.fire(undefined);
  }

  /** Looks at the frame anew; whoever looks next takes its place. */
  look(): Promise<void> {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#stale = false;
    this.#looked = this.#look(this.#looking.signal);
    return this.#looked;
  }

  /** Resolves when what is shown is of the present stop. */
  settled(): Promise<void> {
    return this.#visible && !this.#stale ? this.#looked : this.look();
  }

  dispose(): void {
    this.#looking.abort();
    this.#store.dispose();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const at = await currentFrame(this.sessions);
    const listed = at.ok
      ? await list(at.value, { inlineBytes: 0, healthElements }, { limit: listLimit })
      : at;
    if (signal.aborted) return;
    this.#at = at.ok ? at.value : undefined;
    this.#listed = listed.ok ? listed.value : [];
    this.#problem = listed.ok ? '' : listed.problem.message;
    this.#changed.fire(undefined);
    await this.#readPins(signal);
  }

  async #readPins(signal: AbortSignal): Promise<void> {
    for (const pin of this.#pins) {
      if (signal.aborted) return;
      if (!this.#isAt(pin.uri, pin.frame)) continue;
      await this.#read(pin, signal);
      this.#changed.fire(undefined);
    }
  }

  async #read(pin: Pin, signal: AbortSignal): Promise<void> {
    const { uri, frame, name } = pin;
    const listed = this.#listed.find(({ expression }) => expression === name);
    const kind = listed?.value.kind === 'layer' ? 'module' : 'variable';
    const stop = this.#stop;
    const after = await this.snapshot({ kind, uri, frame, name }, signal);
    if (signal.aborted) return;
    // Another look at the same stop compares with the same.
    if (pin.stop !== stop) pin.before = pin.last;
    pin.stop = stop;
    if (!after.ok) {
      pin.change = after.problem.message;
      return;
    }
    pin.change = pin.before ? changeText(pin.before, after.value) : '';
    pin.last = after.value;
  }

  /** Of this expression in the function that is looked at. */
  #pinOf(expression: string): Pin | undefined {
    return this.#pins.find(({ name, uri, frame }) => name === expression && this.#isAt(uri, frame));
  }

  #isAt(uri: string, frame: string): boolean {
    return this.#at?.frame.uri === uri && this.#at.frame.name === frame;
  }
}
