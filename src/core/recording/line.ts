import { fail, ok, type Result } from '../problem';

/** The arrays that a line may have, one number a channel each. */
export const recordedArrays = [
  'batchMean',
  'batchVariance',
  'movingMean',
  'movingVariance',
] as const;

export type RecordedArray = (typeof recordedArrays)[number];

/** Characters of a name, at most: names are kept beside the numbers. */
const longestName = 1000;

/** What a training run writes of one layer at one step (CLI.md, "A recording"). */
export interface RecordedLine {
  readonly step: number;
  readonly layer: string;
  /** As written; empty where the line does not say. */
  readonly convention: string;
  /** Elements a channel of the batch; 0 where the line does not say. */
  readonly n: number;
  readonly channels: number;
  readonly arrays: Readonly<Partial<Record<RecordedArray, Float64Array>>>;
}

/**
 * Reads one line of a recording: JSON, with NaN and Infinity as Python writes them or as strings.
 * @returns a problem whose message says what is wrong with the line, without saying where it is
 */
export function parseRecordedLine(text: string): Result<RecordedLine> {
  const value = parseJson(text);
  if (value === undefined) return refuse('it is not JSON on one line');
  if (!isObject(value)) return refuse('it is not an object, such as {"step":10,"layer":"bn1",…}');
  const { step, layer, convention = '', n = 0 } = value;
  if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0) {
    return refuse(`its step is ${shown(step)}: give a whole number of at least 0`);
  }
  if (typeof layer !== 'string' || layer === '') {
    return refuse(`its layer is ${shown(layer)}: give the layer's name`);
  }
  if (layer.length > longestName) {
    return refuse(
      `its layer's name has ${layer.length} characters, and ${longestName} is the limit`,
    );
  }
  if (typeof convention !== 'string' || convention.length > longestName) {
    return refuse(`its convention is ${shown(convention)}: give an id such as "pytorch"`);
  }
  if (typeof n !== 'number' || !Number.isFinite(n) || n < 0) {
    return refuse(`its n is ${shown(n)}: give the elements a channel`);
  }
  const arrays = parseArrays(value);
  if (!arrays.ok) return arrays;
  const channels = Object.values(arrays.value)[0]?.length ?? 0;
  return ok({ step, layer, convention, n, channels, arrays: arrays.value });
}

function parseArrays(value: Fields): Result<RecordedLine['arrays']> {
  const arrays: Partial<Record<RecordedArray, Float64Array>> = {};
  let first: RecordedArray | undefined;
  for (const name of recordedArrays) {
    const list = value[name];
    if (list === undefined || list === null) continue;
    const numbers = Array.isArray(list) ? parseNumbers(list) : undefined;
    if (numbers === undefined || numbers.length === 0) {
      return refuse(`its ${name} is no list of numbers, one a channel`);
    }
    const length = first && arrays[first]?.length;
    if (length !== undefined && length !== numbers.length) {
      return refuse(`its ${first} has ${length} numbers and its ${name} ${numbers.length}`);
    }
    first ??= name;
    arrays[name] = numbers;
  }
  return first === undefined ? refuse(`it has none of ${recordedArrays.join(', ')}`) : ok(arrays);
}

const specialNumbers: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
};

function parseNumbers(list: readonly unknown[]): Float64Array | undefined {
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    const number = typeof item === 'string' ? specialNumbers[item] : item;
    if (typeof number !== 'number') return undefined;
    numbers[i] = number;
  }
  return numbers;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON has no words for these. */
const specialWord = /-?Infinity|NaN/g;

function parseJson(text: string): unknown {
  return tryParse(text) ?? tryParse(quoteSpecials(text));
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The text with quotes around what JSON has no word for, outside of strings. Those are walked over by themselves: a
 * regular expression for them runs out of stack in a long one.
 */
function quoteSpecials(text: string): string {
  const parts: string[] = [];
  for (let i = 0; i < text.length;) {
    const next = text.indexOf('"', i);
    const start = next < 0 ? text.length : next;
    const end = afterString(text, start);
    parts.push(text.slice(i, start).replace(specialWord, '"$&"'), text.slice(start, end));
    i = end;
  }
  return parts.join('');
}

const quote = '"'.charCodeAt(0);
const backslash = '\\'.charCodeAt(0);

/** @returns where the text goes on after the string that begins at an index */
function afterString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === backslash) i++;
  }
  return text.length;
}

/** A value that was refused, short enough for a sentence. What it holds is not walked: it may be nested without end. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
  const text = JSON.stringify(typeof value === 'string' ? value.slice(0, 50) : value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function refuse(message: string): Result<never> {
  return fail('recording-line', message);
}
