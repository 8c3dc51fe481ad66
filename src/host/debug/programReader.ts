import type { DescribedLayer, DescribedTensor, DescribedVector } from '../../core/debug/answers';
import type { Snapshot } from '../../core/debug/change';
import { shortened } from '../../core/debug/language';
import { notesOf, statementOf } from '../../core/debug/statement';
import { parameterNames, type ParameterName } from '../../core/batchnorm/layer';
import { fail, ok, type Result } from '../../core/problem';
import { allocate, decodeStored, storedDTypes } from '../../core/tensor/storedDType';
import { formatShape } from '../../core/tensor/shape';
import type { TensorData } from '../../core/tensor/tensor';
import { formatBytes } from '../../core/text/byteSize';
import type { FileLayer } from '../files/fileEngine';
import type { EngineClient } from '../inspection/inputLoader';
import type { LoadedInput } from '../inspection/loadedInput';
import type { ModuleSource, VariableSource } from '../inspection/source';
import type { DebugSessions } from './debugSessions';
import { bytesOf, describe, readElements } from './evaluator';
import { frameOf, type PausedFrame } from './frames';
import type { VariableReader } from './variableReader';

/** Bytes of a chunk: 2.8 million characters as base64, 4.2 as hexadecimal digits. */
const chunkBytes = 1 << 21;

/** Of a chunk where the adapter cuts answers short: debugpy at 64 kB of text in the context of watches. */
const smallChunkBytes = 24_000;

/** Chunks that are asked for before the first of them is there: the way takes longer than the reading. */
const chunksAhead = 3;

/** Values that come with their description: one request less for what is small. */
const inlineBytes = 1 << 18;

/** What is computed by the expression is evaluated once, so all of it has to come in one answer. */
const onceBytes = 8_000_000;

/** What is compared from stop to stop is kept, so it is bounded. */
const mostCompared = 64_000_000;

const partNames: Readonly<Record<ParameterName, string>> = {
  gamma: 'gamma',
  beta: 'beta',
  movingMean: 'moving mean',
  movingVariance: 'moving variance',
};

/** What reading may cost, as the user's settings have it. */
export interface ReadingLimits {
  readonly bytes: number;
  /** Of each answer, in milliseconds. */
  readonly time: number;
}

/** Told how far a read is. */
export type ReadingProgress = (done: number, total: number | null) => void;

/** Watches over a read that may take long; see `watchReading`. */
export type WatchProgram = <T>(
  title: string,
  signal: AbortSignal,
  read: (signal: AbortSignal, told: ReadingProgress) => Promise<Result<T>>,
) => Promise<Result<T>>;

export interface ProgramReaderServices {
  readonly sessions: DebugSessions;
  readonly limits: () => ReadingLimits;
  readonly watch: WatchProgram;
}

const cancelled = (): Result<never> => fail('cancelled', 'Cancelled.');

/** Reads tensors and layers of paused programs: a description first, then the bytes in chunks. */
export class ProgramReader implements VariableReader {
  /** Sources whose limits the user lifted. */
  readonly #lifted = new Set<string>();

  constructor(private readonly services: ProgramReaderServices) {}

  /** Reads this source whatever it takes, from now on. */
  lift(source: VariableSource | ModuleSource): void {
    this.#lifted.add(keyOf(source));
  }

  async tensor(
    source: VariableSource,
    engine: EngineClient,
    signal: AbortSignal,
  ): Promise<Result<LoadedInput>> {
    const title = `Reading ${shortened(source.name)}`;
    const read = await this.services.watch(title, signal, (either, told) =>
      this.#read(source, either, told),
    );
    if (!read.ok) return read;
    const { tensor, data } = read.value;
    const { numbers, dtype } = storedDTypes[tensor.dtype];
    const shape = numbers === 1 ? tensor.shape : [...tensor.shape, numbers];
    const loaded = await engine.load(
      { shape, dtype, data },
      { signal, transfer: [data.buffer as ArrayBuffer] },
    );
    if (!loaded.ok) return loaded;
    return ok({
      handle: loaded.value,
      name: source.name,
      statement: statementOf(tensor),
      notes: notesOf(tensor),
      problems: [],
    });
  }

  /** All values of a tensor, or all parameters of a layer, to compare them with others. */
  async snapshot(
    source: VariableSource | Omit<ModuleSource, 'input'>,
    signal: AbortSignal,
  ): Promise<Result<Snapshot>> {
    if (source.kind === 'variable') {
      const { time } = this.services.limits();
      const read = await this.#read(source, signal, () => undefined, { bytes: mostCompared, time });
      if (!read.ok) return read;
      const { tensor, data } = read.value;
      return ok({ shape: tensor.shape, parts: [{ name: '', data }] });
    }
    const layer = await this.layer(source, signal);
    if (!layer.ok) return layer;
    const { channels, statement } = layer.value;
    const parts = parameterNames.flatMap(name => {
      const data = statement.parameters[name];
      return data ? [{ name: partNames[name], data: Float64Array.from(data) }] : [];
    });
    return ok({ shape: [channels], parts });
  }

  async layer(
    source: Omit<ModuleSource, 'input'>,
    signal: AbortSignal,
  ): Promise<Result<FileLayer>> {
    const at = await frameOf(this.services.sessions, source);
    if (!at.ok) return at;
    const limits = { inlineBytes: 0, healthElements: 0 };
    const described = await describe(at.value, source.name, limits);
    if (!described.ok) return described;
    if (signal.aborted) return cancelled();
    if (described.value.kind !== 'layer') {
      const reason =
        described.value.kind === 'refused' ? described.value.message : 'it is a tensor';
      return fail('debug-not-a-layer', `“${shortened(source.name)}” is no batch norm: ${reason}.`);
    }
    return ok(fileLayerOf(described.value));
  }

  async #read(
    source: VariableSource,
    signal: AbortSignal,
    told: ReadingProgress,
    allowed = this.#limits(source),
  ): Promise<Result<ReadTensor>> {
    const at = await frameOf(this.services.sessions, source);
    if (!at.ok) return at;
    const { name } = source;
    const isPath = at.value.language.isPath(name);
    const limits = { inlineBytes: isPath ? inlineBytes : onceBytes, healthElements: 0 };
    // A debugger that is asked for the text of a slow object by its own view answers nobody else meanwhile.
    const time = isPath && allowed.time !== Infinity ? undefined : allowed.time;
    let described = await describe(at.value, name, limits, time);
    if (isPath && !described.ok && described.problem.code === 'debug-cut') {
      described = await describe(at.value, name, { ...limits, inlineBytes: 0 }, time);
    }
    if (!described.ok) return described;
    if (signal.aborted) return cancelled();
    const tensor = described.value;
    if (tensor.kind !== 'tensor') {
      const reason = tensor.kind === 'refused' ? tensor.message : 'it is a batch norm';
      const code = tensor.kind === 'refused' ? `debug-${tensor.reason}` : 'debug-not-a-tensor';
      return fail(code, `“${shortened(name)}” is not read: ${reason}.`);
    }
    const problem = tooMuch(tensor, name, allowed.bytes, isPath);
    if (problem) return problem;
    const data = await readData(at.value, tensor, name, { time: allowed.time, signal, told });
    return data.ok ? ok({ tensor, data: data.value }) : data;
  }

  #limits(source: VariableSource): ReadingLimits {
    if (!this.#lifted.has(keyOf(source))) return this.services.limits();
    return { bytes: Infinity, time: Infinity };
  }
}

interface ReadTensor {
  readonly tensor: DescribedTensor;
  readonly data: TensorData;
}

function keyOf({ uri, name, frame }: VariableSource | ModuleSource): string {
  return JSON.stringify([uri, name, frame]);
}

function tooMuch(
  { elements, bytes, shape, data }: DescribedTensor,
  name: string,
  limit: number,
  isPath: boolean,
): Result<never> | undefined {
  const what = `“${shortened(name)}”, ${formatShape(shape)},`;
  if (elements === 0) return fail('empty-input', `${what} has no elements.`);
  if (!isPath && data === undefined) {
    return fail(
      'debug-computed',
      `${what} has ${formatBytes(bytes)}. What an expression computes is evaluated once and comes in one answer of at most ${formatBytes(onceBytes)}: assign it to a variable, and inspect that.`,
    );
  }
  if (bytes <= limit) return undefined;
  return fail(
    'debug-too-large',
    `${what} has ${formatBytes(bytes)}, and ${formatBytes(limit)} is the limit (“normscope.debug.sizeLimit”): read a slice, such as ${shortened(name)}[0], or read it all the same.`,
  );
}

interface ChunkReading {
  readonly time: number;
  readonly signal: AbortSignal;
  readonly told: ReadingProgress;
}

/** All values of a tensor, as Normscope holds them. */
async function readData(
  at: PausedFrame,
  tensor: DescribedTensor,
  name: string,
  { time, signal, told }: ChunkReading,
): Promise<Result<TensorData>> {
  const { dtype, elements } = tensor;
  const info = storedDTypes[dtype];
  const into = allocate(info.dtype, elements * info.numbers);
  if (tensor.data) {
    const bytes = bytesOf(tensor.data);
    if (bytes.length !== tensor.bytes) return changed(name);
    decodeStored(dtype, bytes, true, into);
    return ok(into);
  }
  const elementsIn = (bytes: number): number => Math.max(1, Math.floor(bytes / info.bytes));
  let step = elementsIn(chunkBytes);
  let next = 0;
  let done = 0;
  let failed: Result<never> | undefined;
  const read = async (start: number, end: number): Promise<void> => {
    if (failed) return;
    const part = await readElements(at, name, start, end, time);
    if (signal.aborted) failed ??= cancelled();
    else if (
      !part.ok &&
      part.problem.code === 'debug-cut' &&
      end - start > elementsIn(smallChunkBytes)
    ) {
      // The adapter does not know the context that answers whole: its others hold a little.
      step = elementsIn(smallChunkBytes);
      for (let first = start; first < end; first += step) {
        await read(first, Math.min(end, first + step));
      }
    } else if (!part.ok) failed ??= part;
    else if (part.value.length !== (end - start) * info.bytes) failed ??= changed(name);
    else {
      decodeStored(dtype, part.value, true, into, start * info.numbers);
      done += end - start;
      told(done * info.bytes, tensor.bytes);
    }
  };
  const work = async (): Promise<void> => {
    while (next < elements && !failed) {
      const start = next;
      next = Math.min(elements, start + step);
      await read(start, next);
    }
  };
  await Promise.all(Array.from({ length: chunksAhead }, work));
  return failed ?? ok(into);
}

function changed(name: string): Result<never> {
  return fail(
    'debug-changed',
    `“${shortened(name)}” changed while it was read: another thread is writing it, or the program went on.`,
  );
}

function fileLayerOf({ channels, statement, parameters, notes }: DescribedLayer): FileLayer {
  const read: Partial<Record<ParameterName, Float64Array>> = {};
  for (const name of parameterNames) {
    const vector = parameters[name];
    if (vector) read[name] = numbersOf(vector);
  }
  const state = { ...statement, parameters: read };
  return { statement: state, channels, notes: [...notes], beside: [] };
}

function numbersOf({ dtype, data }: DescribedVector): Float64Array {
  const bytes = bytesOf(data);
  const { bytes: width, dtype: held } = storedDTypes[dtype];
  const values = allocate(held, Math.floor(bytes.length / width));
  decodeStored(dtype, bytes, true, values);
  return Float64Array.from(values);
}
