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
import { bytesOf, describe } from './evaluator';
import { frameOf } from './frames';
import { cancelled, heldBytes, readValues } from './readValues';
import type { Waiting } from './requests';
import type { VariableReader } from './variableReader';

/** Values that come with their description: one request less for what is small. */
const inlineBytes = 1 << 18;

/** What is computed by the expression is evaluated once, so all of it has to come in one answer. */
const onceBytes = 8_000_000;

/** What this window holds of one tensor at all, also where the limits are lifted: a typed array has no more. */
const mostHeld = 4_000_000_000;

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
    const { time } = this.#limits(source);
    const described = await describe(at.value, source.name, limits, waitingFor(time, signal));
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
    const waiting =
      isPath && allowed.time !== Infinity ? { signal } : waitingFor(allowed.time, signal);
    let described = await describe(at.value, name, limits, waiting);
    if (isPath && !described.ok && described.problem.code === 'debug-cut') {
      described = await describe(at.value, name, { ...limits, inlineBytes: 0 }, waiting);
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
    const data = await readValues(at.value, tensor, name, {
      waiting: waitingFor(allowed.time, signal),
      signal,
      told,
    });
    return data.ok ? ok({ tensor, data: data.value }) : data;
  }

  #limits(source: Omit<VariableSource, 'kind'>): ReadingLimits {
    if (!this.#lifted.has(keyOf(source))) return this.services.limits();
    return { bytes: Infinity, time: Infinity };
  }
}

/** @param time the setting, in milliseconds; infinite where the user lifted it */
function waitingFor(time: number, signal: AbortSignal): Waiting {
  return { limit: time, isSetting: true, signal };
}

interface ReadTensor {
  readonly tensor: DescribedTensor;
  readonly data: TensorData;
}

function keyOf({ uri, name, frame }: Omit<VariableSource, 'kind'>): string {
  return JSON.stringify([uri, name, frame]);
}

function tooMuch(
  { elements, bytes, shape, dtype, data }: DescribedTensor,
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
  const held = elements * heldBytes(dtype);
  if (held > mostHeld) {
    return fail(
      'debug-out-of-memory',
      `${what} has ${formatBytes(held)} as it is held here, and ${formatBytes(mostHeld)} is the most: read a slice, such as ${shortened(name)}[0].`,
    );
  }
  if (bytes <= limit) return undefined;
  return fail(
    'debug-too-large',
    `${what} has ${formatBytes(bytes)}, and ${formatBytes(limit)} is the limit (“normscope.debug.sizeLimit”): read a slice, such as ${shortened(name)}[0], or read it all the same.`,
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
