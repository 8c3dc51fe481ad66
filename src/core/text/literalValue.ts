import { evaluateExpression, evaluateTensor, type Evaluated } from '../code/evaluate';
import { variablesAt } from '../code/variables';
import { openBracket } from './characters';
import { isBlank, isNameCharacter, openParen } from './literalCharacters';
import { callKind } from './literalConstructors';
import type { LanguageProfile } from './literalLanguage';
import { parseNumbers } from './literalParse';
import { nameBefore } from './literalPosition';
import { NumberScanner } from './numberScanner';
import type { Shape } from '../tensor/shape';

/** The value of a key, a keyword argument or an assignment. */
export type SiblingValue = { readonly end: number } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `None`, `null`. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'word'; readonly word: string }
  | SiblingVector
  /** A list of nothing but true and false, as 1 and 0. */
  | { readonly kind: 'booleans'; readonly values: Float64Array; readonly shape: Shape }
);

/** A list, float32. */
interface SiblingVector {
  readonly kind: 'values';
  readonly values: Float64Array;
  readonly shape: Shape;
  /** Whether one value stands for all channels, however many: `np.ones(4)`. */
  readonly constant: boolean;
}

/** Parameters are vectors: a longer text is not one. */
const valueReach = 1 << 18;

const word = /(["'])([\w.-]{1,64})\1/y;
const nothing = /(?:None|null)\b/y;
/** `np.ones(4)`, `torch.zeros((4,))`, `tf.ones([4])`: every channel the same. */
const filled = /(?:[A-Za-z_]\w*\.)+(ones|zeros)\(\s*[([]?\s*\d+\s*,?\s*[)\]]?[^()\n]{0,80}\)/y;
/** `np.full(4, 2.0)`. */
const full =
  /(?:[A-Za-z_]\w*\.)+(?:full|fill)\(\s*[([]?\s*\d+\s*,?\s*[)\]]?\s*,\s*([-+.\deE]+)\s*[^()\n]{0,80}\)/y;

/** @returns undefined where what stands at `at` is none of these, such as an expression */
export function readValue(
  text: string,
  at: number,
  language: LanguageProfile,
): SiblingValue | undefined {
  const list = readList(text, at, language);
  if (language.id !== 'python' && language.id !== 'javascript') {
    return list ?? readFilled(text, at) ?? readWord(text, at) ?? readScalar(text, at, language);
  }
  const evaluated = evaluateExpression(text, at, language, {
    lookup: variablesAt(text, at, language),
  });
  const sibling = readWord(text, at) ?? siblingOf(evaluated);
  // A list may be longer than what is evaluated, and what is done to it may change nothing.
  return list && !(sibling?.kind === 'values' && changes(list, sibling)) ? list : sibling;
}

function changes(list: SiblingValue, { values, constant }: SiblingVector): boolean {
  if (list.kind !== 'values' && list.kind !== 'booleans') return true;
  return list.values.some((x, i) => !Object.is(x, values[constant ? 0 : i]));
}

function siblingOf(evaluated: Evaluated): SiblingValue | undefined {
  const { end } = evaluated;
  const value = evaluateTensor(evaluated);
  if (value.kind === 'number') return { kind: 'number', value: value.value, end };
  if (value.kind === 'boolean') return { kind: 'boolean', value: value.value, end };
  if (value.kind !== 'tensor') return undefined;
  const { shape } = value;
  const values = Float64Array.from(Float32Array.from(value.values));
  const [first] = values;
  const constant = shape.length <= 1 && values.length > 0 && values.every(x => x === first);
  if (!constant) return { kind: 'values', values, shape, constant, end };
  // Every channel the same, however many there are.
  return { kind: 'values', values: values.slice(0, 1), shape: [1], constant, end };
}

function readScalar(text: string, at: number, language: LanguageProfile): SiblingValue | undefined {
  const scanner = new NumberScanner(text, language);
  if (!scanner.scan(at) || !endsValue(text, scanner.end)) return undefined;
  const { end, value } = scanner;
  return scanner.isBoolean
    ? { kind: 'boolean', value: value === 1, end }
    : { kind: 'number', value, end };
}

/** A scalar is a value only where no expression goes on: `momentum = 1 - decay` says nothing. */
function endsValue(text: string, end: number): boolean {
  return /^[ \t]*(?:[,;)}\]\r\n#]|\/\/|\/\*|$)/.test(text.slice(end, end + 80));
}

function readWord(text: string, at: number): SiblingValue | undefined {
  word.lastIndex = at;
  const quoted = word.exec(text);
  if (quoted) return { kind: 'word', word: quoted[2] ?? '', end: at + quoted[0].length };
  nothing.lastIndex = at;
  const match = nothing.exec(text);
  return match ? { kind: 'nothing', end: at + match[0].length } : undefined;
}

function readFilled(text: string, at: number): SiblingValue | undefined {
  filled.lastIndex = at;
  const same = filled.exec(text);
  if (same) return constantVector(same[1] === 'ones' ? 1 : 0, at + same[0].length);
  full.lastIndex = at;
  const match = full.exec(text);
  const value = Number(match?.[1]);
  return match && !Number.isNaN(value) ? constantVector(value, at + match[0].length) : undefined;
}

function constantVector(value: number, end: number): SiblingValue {
  return {
    kind: 'values',
    values: Float64Array.of(Math.fround(value)),
    shape: [1],
    constant: true,
    end,
  };
}

function readList(text: string, at: number, language: LanguageProfile): SiblingValue | undefined {
  const start = listStart(text, at, language);
  if (start === undefined) return undefined;
  const parsed = parseNumbers(text, start, start + valueReach, language);
  if (parsed.kind !== 'numbers' || parsed.elided || parsed.ragged) return undefined;
  const { shape, end, booleans } = parsed;
  const values = Float64Array.from(parsed.data);
  if (booleans === 0) return { kind: 'values', values, shape, constant: false, end };
  // Numbers among them are a slip.
  return booleans === values.length ? { kind: 'booleans', values, shape, end } : undefined;
}

/** The bracket that opens the list at `at`, or in the constructors that start there. */
function listStart(text: string, at: number, language: LanguageProfile): number | undefined {
  let i = text.startsWith('new ', at) ? at + 4 : at;
  for (let calls = 0; calls < 4; calls++) {
    const code = text.charCodeAt(i);
    if (code === openBracket || (code === openParen && language.tuples)) return i;
    let end = i;
    while (end - i < 64 && (isNameCharacter(text.charCodeAt(end)) || text.charAt(end) === '.'))
      end++;
    if (text.charCodeAt(end) !== openParen) return undefined;
    if (callKind(nameBefore(text, end), language).kind !== 'tensor') return undefined;
    i = end + 1;
    while (isBlank(text.charCodeAt(i))) i++;
  }
  return undefined;
}
