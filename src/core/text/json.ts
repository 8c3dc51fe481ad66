import { formatFloat32, formatJsonNumber } from './format';

/** A number that was stored in float32, and prints so that it reads back to that float32. */
export interface StoredFloat32 {
  readonly float32: number;
}

/** What `--json` prints. A `Float32Array` prints as float32, a `Float64Array` as float64. */
export type Json =
  | null
  | boolean
  | number
  | string
  | StoredFloat32
  | Float32Array
  | Float64Array
  | readonly Json[]
  | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function float32(x: number): StoredFloat32 {
  return { float32: x };
}

/** Numbers put together before they are handed on. */
const numbersAtOnce = 4096;

/**
 * JSON text in pieces, so that a large tensor is never one string. Objects and arrays of them have a
 * line an entry, two levels deep; everything else stays on its line. Ends with a line feed.
 */
export function* encodeJson(value: Json): Generator<string> {
  yield* encode(value, 0);
  yield '\n';
}

function* encode(value: Json, level: number): Generator<string> {
  if (value instanceof Float32Array) yield* encodeNumbers(value, formatFloat32);
  else if (value instanceof Float64Array) yield* encodeNumbers(value, String);
  else if (isList(value)) yield* encodeList(value, level);
  else if (typeof value === 'number') yield formatJsonNumber(value);
  else if (typeof value !== 'object' || value === null) yield JSON.stringify(value);
  else if (isFloat32(value)) yield formatJsonNumber(value.float32, formatFloat32);
  else yield* encodeObject(value, level);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isFloat32(value: StoredFloat32 | JsonObject): value is StoredFloat32 {
  return 'float32' in value;
}

function* encodeNumbers(
  numbers: Float32Array | Float64Array,
  format: (x: number) => string,
): Generator<string> {
  yield '[';
  for (let start = 0; start < numbers.length; start += numbersAtOnce) {
    const parts: string[] = [];
    const end = Math.min(start + numbersAtOnce, numbers.length);
    for (let i = start; i < end; i++) parts.push(formatJsonNumber(numbers[i] as number, format));
    yield (start === 0 ? '' : ', ') + parts.join(', ');
  }
  yield ']';
}

function* encodeList(values: readonly Json[], level: number): Generator<string> {
  const breaks = level < 2 && values.some(value => typeof value === 'object' && value !== null);
  yield* encodeEntries(
    '[',
    ']',
    values.map(value => ['', value]),
    breaks ? level : undefined,
  );
}

function* encodeObject(value: JsonObject, level: number): Generator<string> {
  const entries = Object.entries(value).map(
    ([key, inner]) => [`${JSON.stringify(key)}: `, inner] as const,
  );
  yield* encodeEntries('{', '}', entries, level === 0 ? level : undefined);
}

/** @param level of indentation where each entry has its own line; undefined for one line */
function* encodeEntries(
  open: string,
  close: string,
  entries: readonly (readonly [key: string, value: Json])[],
  level: number | undefined,
): Generator<string> {
  const lineBreak = level === undefined ? '' : `\n${'  '.repeat(level + 1)}`;
  const separator = level === undefined ? ', ' : `,${lineBreak}`;
  const padding = level === undefined && open === '{' && entries.length > 0 ? ' ' : '';
  yield open + padding;
  for (const [index, [key, value]] of entries.entries()) {
    yield (index === 0 ? lineBreak : separator) + key;
    yield* encode(value, (level ?? 8) + 1);
  }
  const closing = level === undefined || entries.length === 0 ? padding : `\n${'  '.repeat(level)}`;
  yield closing + close;
}
