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

  /** Every element of the input and of the output of a result, computed once more. */
  async tensors(shown: Shown, signal = endless): Promise<Result<ResultTensors>> {
    const again = await this.step(shown.inspection, shown.input, 1, signal);
    if (!again.ok) return again;
    const input = await this.#readAll(again.value.input.handle, signal);
    if (!input.ok) return input;
    const output = await this.#readAll(this.#computedAgain(shown, again.value), signal);
    return output.ok ? ok({ shown, input: input.value, output: output.value }) : output;
  }

  /**
   * Makes a request about the tensors of a result; where the engine has lost them, they are loaded and
   * computed again, and the request is repeated once.
   */
  async over<T>(
    shown: Shown,
    signal: AbortSignal,
    ask: (live: LiveResult) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const engine = this.#engine();
    const input = this.#current(shown.input).handle.id;
    const output = this.#outputs.get(shown) ?? shown.stepped.output.id;
    const first = await ask({ engine, input, output, signal });
    if (first.ok || !lostTensorCodes.has(first.problem.code) || signal.aborted) return first;
    const again = await this.step(shown.inspection, shown.input, 1, signal);
    if (!again.ok) return again;
    const handle = this.#computedAgain(shown, again.value);
    return ask({ engine, input: again.value.input.handle.id, output: handle.id, signal });
  }

  /** Lets the engine forget an input. Nobody waits for it. */
  release(input: LoadedInput): void {
    void this.#engine().close(this.#current(input).handle.id);
  }

  /** Lets the engine forget an input, unless the next one is that very input, loaded again. */
  replace(before: LoadedInput, next: LoadedInput): void {
    if (this.#current(before) !== this.#current(next)) this.release(before);
  }

  #computedAgain(shown: Shown, { stepped }: SteppedInput): TensorHandle {
    this.#outputs.set(shown, stepped.output.id);
    return stepped.output;
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
    const loaded = await this.load(signal);
    if (!loaded.ok) return loaded;
    const shape = formatShape(loaded.value.handle.shape);
    if (shape !== formatShape(current.handle.shape)) {
      this.release(loaded.value);
      return fail(
        'source-changed',
        `The source has changed to shape ${shape}: it will be read anew.`,
      );
    }
    this.#again.set(input, loaded.value);
    return run(loaded.value);
  }

  async #readAll(handle: TensorHandle, signal: AbortSignal): Promise<Result<TensorData>> {
    const size = sizeOf(handle.shape);
    const parts: TensorData[] = [];
    for (let start = 0; start < size; start += chunk) {
      const count = Math.min(chunk, size - start);
      const read = await this.#engine().read({ tensor: handle.id, start, count }, { signal });
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
