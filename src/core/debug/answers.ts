import { conventions } from '../batchnorm/conventions/registry';
import { parameterNames, type ParameterName } from '../batchnorm/layer';
import type { Statement } from '../batchnorm/statement';
import type { StatedRenorm } from '../batchnorm/statedRenorm';
import { fail, ok, type Result } from '../problem';
import { isStoredDType, storedDTypes, type StoredDType } from '../tensor/storedDType';
import { sizeOf, type Shape } from '../tensor/shape';
import { shortened } from './language';

/** Text that holds bytes, as an evaluation answers. */
export interface EncodedBytes {
  readonly encoding: 'hex' | 'base64';
  readonly text: string;
}

/** Counts and range of a tensor's elements, or of the first of them. */
export interface ValueHealth {
  /** Elements that were looked at. */
  readonly of: number;
  readonly nan: number;
  readonly infinite: number;
  /** Of the finite ones; null where there are none. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
  /** Of the bytes: another one where they differ. */
  readonly digest: string;
}

/** A tensor of a program, without its values or with them where they are few. */
export interface DescribedTensor {
  readonly kind: 'tensor';
  /** Name of its class. */
  readonly type: string;
  /** For people; empty where it is the language's own. */
  readonly framework: string;
  readonly shape: Shape;
  readonly dtype: StoredDType;
  readonly elements: number;
  readonly bytes: number;
  /** Where it lives: `cpu`, `cuda:0`; empty where nothing says. */
  readonly device: string;
  /** null where its framework has no such flag. */
  readonly requiresGrad: boolean | null;
  readonly notes: readonly string[];
  readonly data?: EncodedBytes;
  readonly health?: ValueHealth;
}

/** A vector of a layer, as bytes. */
export interface DescribedVector {
  readonly dtype: StoredDType;
  readonly data: EncodedBytes;
}

/** A batch-norm layer of a program, with its parameters. */
export interface DescribedLayer {
  readonly kind: 'layer';
  readonly type: string;
  readonly channels: number;
  /** All that is stated but the parameters. */
  readonly statement: Omit<Statement, 'parameters'>;
  readonly parameters: Readonly<Partial<Record<ParameterName, DescribedVector>>>;
  readonly notes: readonly string[];
}

/** Why a value is not read: `symbolic`, `not-a-tensor`, … and a clause that begins with “it is”. */
export interface RefusedValue {
  readonly kind: 'refused';
  readonly reason: string;
  readonly message: string;
}

export type Description = DescribedTensor | DescribedLayer | RefusedValue;

export interface ListedValue {
  readonly name: string;
  readonly expression: string;
  readonly value: Description;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from 0. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

const text = (value: unknown, most = 500): string =>
  typeof value === 'string' ? value.slice(0, most) : '';

/**
 * The bytes in what an adapter answered: `b` and base64, or `h` and hexadecimal digits, perhaps in quotes.
 * @returns undefined where it is something else, or was cut short
 */
export function decodeAnswer(result: string): EncodedBytes | undefined {
  const found = /^(['"\x60]?)([bh])([0-9A-Za-z+/]*={0,2})\1$/.exec(result.trim());
  const [, , mark, content = ''] = found ?? [];
  if (mark === undefined) return undefined;
  const encoding = mark === 'b' ? 'base64' : 'hex';
  return content.length % (mark === 'b' ? 4 : 2) === 0 ? { encoding, text: content } : undefined;
}

/** Whether text that does not decode is the beginning of an answer, and not something that the adapter says. */
export function isCutAnswer(result: string): boolean {
  return /^['"\x60]?[bh][0-9A-Za-z+/]{40}/.test(result.trim());
}

/** What the helpers describe, from the JSON that they answer with. */
export function parseDescription(json: string, expression: string): Result<Description> {
  const parsed = readJson(json);
  const described = descriptionOf(parsed);
  return described ? ok(described) : unintelligible(expression);
}

/** The entries of a listing; those that are not understood are left out. */
export function parseListing(json: string): Result<readonly ListedValue[]> {
  const parsed = readJson(json);
  if (!isRecord(parsed) || !Array.isArray(parsed.entries)) return unintelligible('the frame');
  const entries: readonly unknown[] = parsed.entries;
  return ok(
    entries.flatMap((entry): ListedValue[] => {
      if (!isRecord(entry)) return [];
      const { name, expression } = entry;
      const value = descriptionOf(entry.value);
      if (typeof name !== 'string' || typeof expression !== 'string' || !value) return [];
      return [{ name, expression, value }];
    }),
  );
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function unintelligible(expression: string): Result<never> {
  return fail(
    'debug-answer',
    `The debugger's answer about “${shortened(expression)}” is not what was asked for: look at the log, and try again.`,
  );
}

function descriptionOf(value: unknown): Description | undefined {
  if (!isRecord(value)) return undefined;
  switch (value.kind) {
    case 'refused':
      return { kind: 'refused', reason: text(value.reason), message: text(value.message) };
    case 'tensor':
      return tensorOf(value);
    case 'layer':
      return layerOf(value);
    default:
      return undefined;
  }
}

function tensorOf(value: Fields): Description | undefined {
  const { shape, dtype, requiresGrad } = value;
  if (!Array.isArray(shape) || shape.length > 32 || !shape.every(isCount)) return undefined;
  if (typeof dtype !== 'string') return undefined;
  if (!isStoredDType(dtype)) {
    const message = `its elements are ${text(dtype, 40)}, which Normscope does not read`;
    return { kind: 'refused', reason: 'not-numeric', message };
  }
  const elements = sizeOf(shape);
  const health = healthOf(value.health);
  const data = encodedOf(value.data);
  return {
    kind: 'tensor',
    type: text(value.type, 100),
    framework: text(value.framework, 100),
    shape,
    dtype,
    elements,
    bytes: elements * storedDTypes[dtype].bytes,
    device: text(value.device, 100),
    requiresGrad: typeof requiresGrad === 'boolean' ? requiresGrad : null,
    notes: textsOf(value.notes),
    ...(data && { data }),
    ...(health && { health }),
  };
}

function layerOf(value: Fields): DescribedLayer | undefined {
  const { channels, convention, epsilon, momentum, channelAxis, batchesTracked } = value;
  const { training, trainable, tracking, virtualBatchSize } = value;
  if (!isCount(channels) || channels === 0 || !isRecord(value.parameters)) return undefined;
  const parameters: Partial<Record<ParameterName, DescribedVector>> = {};
  for (const name of parameterNames) {
    const vector = vectorOf(value.parameters[name]);
    if (vector) parameters[name] = vector;
  }
  const known = conventions.some(({ id }) => id === convention);
  const renorm = isRecord(value.renorm) ? renormOf(value.renorm) : undefined;
  return {
    kind: 'layer',
    type: text(value.type, 100),
    channels,
    statement: {
      ...(known && { convention: convention as string }),
      ...(typeof epsilon === 'number' && { epsilon }),
      ...((typeof momentum === 'number' || momentum === null) && { momentum }),
      ...(Number.isInteger(channelAxis) && { channelAxis: channelAxis as number }),
      ...(isCount(batchesTracked) && { batchesTracked }),
      ...(typeof training === 'boolean' && { training }),
      ...(typeof trainable === 'boolean' && { trainable }),
      ...((tracking === 'frozen' || tracking === 'none') && { tracking }),
      ...(renorm && { renorm }),
      ...(isCount(virtualBatchSize) && { virtualBatchSize }),
    },
    parameters,
    notes: textsOf(value.notes),
  };
}

/** What is not finite comes as null: JSON has no other word for it. */
function renormOf({ momentum, clipping, state }: Fields): StatedRenorm {
  const numbers = (values: unknown): readonly number[] | undefined =>
    Array.isArray(values) ? values.map(one => (typeof one === 'number' ? one : NaN)) : undefined;
  const bound = (values: unknown, name: string): number | undefined => {
    const found = isRecord(values) ? values[name] : undefined;
    return typeof found === 'number' ? found : undefined;
  };
  const defined = <T>(values: Readonly<Record<string, T | undefined>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined),
    );
  const held = isRecord(state) ? state : {};
  return {
    ...(typeof momentum === 'number' && { momentum }),
    clipping: defined({
      rmin: bound(clipping, 'rmin'),
      rmax: bound(clipping, 'rmax'),
      dmax: bound(clipping, 'dmax'),
    }),
    state: defined({
      movingStddev: numbers(held.movingStddev),
      mean: numbers(held.mean),
      stddev: numbers(held.stddev),
    }),
  };
}

function vectorOf(value: unknown): DescribedVector | undefined {
  if (!isRecord(value) || typeof value.dtype !== 'string') return undefined;
  const data = encodedOf(value.data);
  return data && isStoredDType(value.dtype) ? { dtype: value.dtype, data } : undefined;
}

function encodedOf(value: unknown): EncodedBytes | undefined {
  return typeof value === 'string' ? decodeAnswer(value) : undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, 20).map(one => text(one)) : [];
}

function healthOf(value: unknown): ValueHealth | undefined {
  if (!isRecord(value)) return undefined;
  const { of, nan, infinite } = value;
  if (!isCount(of) || !isCount(nan) || !isCount(infinite)) return undefined;
  const number = (x: unknown): number | null => (typeof x === 'number' ? x : null);
  return {
    of,
    nan,
    infinite,
    minimum: number(value.minimum),
    maximum: number(value.maximum),
    mean: number(value.mean),
    digest: text(value.digest),
  };
}
