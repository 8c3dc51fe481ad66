import type { Inspection } from '../../core/batchnorm/inspection';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import { flatIndex, formatShape, sizeOf } from '../../core/tensor/shape';
import type { TensorData, TensorHandle } from '../../core/tensor/tensor';
import { lostTensorCodes, type Stepped } from '../../protocol/engine';
import { toWireLayer } from '../../protocol/wireLayer';
import { loadInput, type EngineClient } from './inputLoader';
import type { LoadedInput, SourceContent } from './loadedInput';
import { elementOf } from './presenter';
import type { ViewState } from './viewState';
import { SharedWork } from './sharedWork';
import type { Shown } from './shown';

/** The engine, started on first use. */
export type EngineProvider = () => EngineClient;

export interface SteppedInput {
  readonly stepped: Stepped;
  /** The input that was stepped over: another handle than before where the engine had to start anew. */
  readonly input: LoadedInput;
}

/** A result with all of its elements. */
export interface ResultTensors {
  readonly shown: Shown;
  readonly input: TensorData;
  readonly output: TensorData;
}

/** Asks for a turn to compute a result once more, since a request about it met a problem. */
export type Turn = <T>(met: Result<T>, again: () => Promise<Result<T>>) => Promise<Result<T>>;

/** What a request about a result's tensors is made with. */
export interface LiveResult {
  readonly engine: EngineClient;
  /** Of the engine; likewise the output. */
  readonly input: number;
  readonly output: number;
  readonly signal: AbortSignal;
}

export type Loaded =
  | { readonly ok: true; readonly value: LoadedInput }
  | { readonly ok: false; readonly problem: Problem; readonly place: string };

/** The engine has lost the tensors, or written over them. */
const goneCodes: ReadonlySet<string> = new Set([...lostTensorCodes, 'superseded']);

/** Never aborts. */
const endless = new AbortController().signal;

/** Elements that travel in one reply. */
const chunk = 1 << 20;

/**
 * A session's tensors in the engine. When the engine has stopped and lost them, they are read from the
 * source again and the request is repeated once: the user loses nothing.
 */
export class EngineInput {
  readonly #engine: EngineProvider;
  readonly #read: (signal: AbortSignal) => Promise<Result<SourceContent>>;
  #content: SourceContent | undefined;
  /** Handles of inputs that were loaded again, by the input that lost its own. */
  readonly #again = new WeakMap<LoadedInput, LoadedInput>();
  /** Inputs that are being loaded again, by the one that the engine has lost. */
  readonly #loading = new SharedWork<LoadedInput, LoadedInput>();
  /** Outputs that were computed once more, by the result they are of. */
  readonly #outputs = new WeakMap<Shown, number>();
  #element:
    { readonly handle: TensorHandle; readonly flat: number; readonly x: number } | undefined;

  constructor(
    engine: EngineProvider,
    read: (signal: AbortSignal) => Promise<Result<SourceContent>>,
  ) {
    this.#engine = engine;
    this.#read = read;
  }

  /** Reads the source and gives it to the engine; again, where the engine stopped meanwhile. */
  async load(signal: AbortSignal): Promise<Loaded> {
    const content = await this.#read(signal);
    if (!content.ok) return { ok: false, problem: content.problem, place: '' };
    this.#content = content.value;
    let loaded = await loadInput(this.#engine(), content.value, signal);
    if (!loaded.ok && lostTensorCodes.has(loaded.problem.code)) {
      loaded = await loadInput(this.#engine(), content.value, signal);
    }
    if (loaded.ok) return loaded;
    return { ok: false, problem: loaded.problem, place: await this.place(loaded.problem) };
  }

  /** `line 3, column 14` of a problem with the source, or empty. */
  async place({ range }: Problem): Promise<string> {
    if (!range || !this.#content) return '';
    const { body, locate } = this.#content;
    if (locate) return locate(range.start);
    if (!body.ok || body.value.kind !== 'runFile') return '';
    const { source } = body.value;
    const located = await this.#engine().locate({ source, offset: range.start });
    return located.ok ? located.value : '';
  }

  async step(
    inspection: Inspection,
    input: LoadedInput,
    steps: number,
    signal: AbortSignal,
  ): Promise<Result<SteppedInput>> {
    const layer = toWireLayer(inspection.present.layer);
    const { flags } = inspection;
    return this.#retrying(input, signal, async current => {
      const request = { input: current.handle.id, layer, flags, steps };
      const stepped = await this.#engine().step(request, { signal });
      return stepped.ok ? ok({ stepped: stepped.value, input: current }) : stepped;
    });
  }

  /** The input at the selected element; NaN where the engine could not say. */
  async elementInput(shown: Shown, view: ViewState, signal?: AbortSignal): Promise<number> {
    const { shape, present } = shown.inspection;
    const flat = flatIndex(shape, elementOf(view, shape, present.layer.channelAxis));
    const { handle } = shown.input;
    if (this.#element?.handle === handle && this.#element.flat === flat) return this.#element.x;
    const read = await this.#retrying(shown.input, signal ?? endless, current =>
      this.#engine().read(
        { tensor: current.handle.id, start: flat, count: 1 },
        signal ? { signal } : {},
      ),
    );
    const x = read.ok ? read.value[0] : undefined;
    if (x === undefined) return NaN;
    this.#element = { handle, flat, x };
    return x;
  }

  /** Every element of the input and of the output of a result. @param turn as for `over` */
  tensors(shown: Shown, signal = endless, turn?: Turn): Promise<Result<ResultTensors>> {
    const size = sizeOf(shown.inspection.shape);
    const read = async (live: LiveResult): Promise<Result<ResultTensors>> => {
      const input = await this.#readAll(live.input, size, signal);
      if (!input.ok) return input;
      const output = await this.#readAll(live.output, size, signal);
      return output.ok ? ok({ shown, input: input.value, output: output.value }) : output;
    };
    return this.over(shown, signal, read, turn);
  }

  /**
   * Makes a request about the tensors of a result; where the engine has lost them, or has written over them for a
   * result that never came, they are computed again, and the request is repeated once.
   * @param turn when they may be: several requests miss them at once, and a step cancels the one that runs
   */
  async over<T>(
    shown: Shown,
    signal: AbortSignal,
    ask: (live: LiveResult) => Promise<Result<T>>,
    turn: Turn = (_, again) => again(),
  ): Promise<Result<T>> {
    const before = this.#live(shown, signal);
    const first = await ask(before);
    if (first.ok || !goneCodes.has(first.problem.code) || signal.aborted) return first;
    return turn(first, async () => {
      const { input, output } = this.#live(shown, signal);
      // Whoever missed them too may have had its turn already.
      if (input === before.input && output === before.output) {
        const again = await this.step(shown.inspection, shown.input, 1, signal);
        if (!again.ok) return again;
        this.#outputs.set(shown, again.value.stepped.output.id);
      }
      return ask(this.#live(shown, signal));
    });
  }

  /** Lets the engine forget an input. Nobody waits for it. */
  release(input: LoadedInput): void {
    void this.#engine().close(this.#current(input).handle.id);
  }

  /** Lets the engine forget an input, unless the next one is that very input, loaded again. */
  replace(before: LoadedInput, next: LoadedInput): void {
    if (this.#current(before) !== this.#current(next)) this.release(before);
  }

  #live(shown: Shown, signal: AbortSignal): LiveResult {
    return {
      engine: this.#engine(),
      input: this.#current(shown.input).handle.id,
      output: this.#outputs.get(shown) ?? shown.stepped.output.id,
      signal,
    };
  }

  #current(input: LoadedInput): LoadedInput {
    return this.#again.get(input) ?? input;
  }

  async #retrying<T>(
    input: LoadedInput,
    signal: AbortSignal,
    run: (current: LoadedInput) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const current = this.#current(input);
    const first = await run(current);
    if (first.ok || !lostTensorCodes.has(first.problem.code) || signal.aborted) return first;
    const loaded = await this.#loadAgain(input, current, signal);
    return loaded.ok ? run(loaded.value) : loaded;
  }

  /** Loads what the engine has lost, once for all who miss it. */
  #loadAgain(
    input: LoadedInput,
    lost: LoadedInput,
    signal: AbortSignal,
  ): Promise<Result<LoadedInput>> {
    return this.#loading.of(input, signal, async () => {
      const current = this.#current(input);
      if (current !== lost) return ok(current);
      const loaded = await this.load(signal);
      if (!loaded.ok) return loaded;
      const shape = formatShape(loaded.value.handle.shape);
      if (shape !== formatShape(lost.handle.shape)) {
        this.release(loaded.value);
        return fail(
          'source-changed',
          `The source has changed to shape ${shape}: it will be read anew.`,
        );
      }
      this.#again.set(input, loaded.value);
      return loaded;
    });
  }

  async #readAll(tensor: number, size: number, signal: AbortSignal): Promise<Result<TensorData>> {
    const parts: TensorData[] = [];
    for (let start = 0; start < size; start += chunk) {
      const count = Math.min(chunk, size - start);
      const read = await this.#engine().read({ tensor, start, count }, { signal });
      if (!read.ok) return read;
      parts.push(read.value);
    }
    return ok(joined(parts, size));
  }
}

function joined(parts: readonly TensorData[], size: number): TensorData {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? new Float32Array(0);
  const whole = new (first.constructor as new (length: number) => TensorData)(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
