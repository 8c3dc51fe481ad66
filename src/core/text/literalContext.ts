import type { Shape } from '../tensor/shape';
import { isBlank, openParen } from './literalCharacters';
import { callKind, type TensorConstructor } from './literalConstructors';
import type { LanguageProfile } from './literalLanguage';
import { nameBefore, stringEnd } from './literalPosition';

/** How far before and after a literal its context is looked for. */
const contextReach = 400;

/** What stands around a literal: the calls that take it, and the name it is given. */
export interface LiteralContext {
  /** Certainly no tensor: a size, a set, part of a sparse print. */
  readonly rejected: boolean;
  /** Start of the outermost tensor constructor, or of the literal. */
  readonly start: number;
  /** End of the outermost tensor constructor and what is chained to it, or of the literal. */
  readonly end: number;
  /** As spelled: `np.array`. Empty for a bare literal. */
  readonly call: string;
  readonly dtype?: string;
  /** As an argument or a chained `reshape` says; may hold one −1. */
  readonly shape?: Shape;
  readonly name: string;
  /** What PyTorch 0.4 printed before values that it had divided by it: `tensor(1.00000e-05 * [ 1.0000])`. */
  readonly scale?: number;
  /** `x = …` or `x: …`; empty where the literal is not named. */
  readonly assignedBy: '=' | ':' | '';
}

/** @param start of the literal's opening bracket @param end just after its closing one */
export function literalContext(
  text: string,
  start: number,
  end: number,
  language: LanguageProfile,
): LiteralContext {
  const scale = language.printed ? scaleBefore(text, start) : undefined;
  const around = { start: scale?.start ?? start, end, call: '', rejected: false };
  let dtype: string | undefined;
  let shape: Shape | undefined;
  for (let call = callAround(text, around.start, language); call;) {
    if (call.kind === 'no') return { ...around, rejected: true, name: '', assignedBy: '' };
    const after = argumentsAfter(text, around.end);
    dtype ??= dtypeIn(after.text, call.constructor) ?? call.constructor.dtype;
    shape ??= shapeIn(after.text, call.constructor);
    around.start = call.start;
    around.end = after.end;
    around.call ||= call.path;
    const chain = chainAfter(text, around.end);
    dtype = chain.dtype ?? dtype;
    shape = chain.shape ?? shape;
    around.end = chain.end;
    call = callAround(text, around.start, language);
  }
  const named = nameOf(text, around.start, language);
  const rejected = language.printed && isSparsePart(text, named.name, around.end);
  return {
    ...around,
    rejected,
    ...named,
    ...(dtype === undefined ? {} : { dtype }),
    ...(shape === undefined ? {} : { shape }),
    ...(scale && { scale: scale.value }),
  };
}

const printedScale = /\btensor\(\s*(\d(?:\.\d+)?e[-+]\d+)\s*\*\s*$/;

function scaleBefore(
  text: string,
  start: number,
): { readonly start: number; readonly value: number } | undefined {
  const floor = Math.max(0, start - 64);
  const before = text.slice(floor, start);
  const match = before.includes('*') ? printedScale.exec(before) : null;
  if (!match) return undefined;
  const [whole, number = ''] = match;
  return { start: floor + match.index + whole.indexOf(number), value: Number(number) };
}

/** Whether a tensor constructor is called on the literal at `start`. */
export function isConstructed(text: string, start: number, language: LanguageProfile): boolean {
  return callAround(text, start, language)?.kind === 'tensor';
}

interface Call {
  readonly path: string;
  readonly start: number;
}
type CallAround =
  | ({ readonly kind: 'tensor'; readonly constructor: TensorConstructor } & Call)
  | { readonly kind: 'no' };

function callAround(
  text: string,
  start: number,
  language: LanguageProfile,
): CallAround | undefined {
  let i = start - 1;
  const floor = Math.max(0, start - contextReach);
  while (i >= floor && isBlank(text.charCodeAt(i))) i--;
  if (text.charCodeAt(i) !== openParen) return printedCall(text, i, start, language);
  const path = nameBefore(text, i);
  if (path === '') return undefined;
  const kind = callKind(path, language);
  if (kind.kind === 'other') return undefined;
  if (kind.kind !== 'tensor') return { kind: 'no' };
  const at = i - path.length;
  const isNew = /\bnew\s+$/.exec(text.slice(Math.max(0, at - 8), at));
  return { ...kind, path, start: at - (isNew ? isNew[0].length : 0) };
}

/** tfjs prints the word and then, on lines of their own, the values. */
function printedCall(
  text: string,
  i: number,
  start: number,
  language: LanguageProfile,
): CallAround | undefined {
  if (!language.printed || !text.slice(i, start).includes('\n')) return undefined;
  if (nameBefore(text, i + 1) !== 'Tensor') return undefined;
  return { kind: 'tensor', constructor: { languages: ['text'] }, path: 'Tensor', start: i - 5 };
}

/** The rest of a call's arguments after its first one, and where the call ends. */
function argumentsAfter(text: string, from: number): { text: string; end: number } {
  const reach = Math.min(text.length, from + contextReach);
  let depth = 1;
  for (let i = from; i < reach; i++) {
    const char = text.charAt(i);
    if (char === '"' || char === "'") i = stringEnd(text, i) - 1;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) {
      return { text: text.slice(from, i), end: i + 1 };
    }
  }
  return { text: text.slice(from, reach), end: from };
}

const dtypeArgument = /\bdtype\s*[=:]\s*["']?(?:[A-Za-z_]+\.)*([A-Za-z]\w*)/;
const positionalDType = /,\s*["'](float32|int32|bool|complex64|string)["']/;

function dtypeIn(rest: string, constructor: TensorConstructor): string | undefined {
  const named = dtypeArgument.exec(rest)?.[1];
  if (named !== undefined || constructor.positional !== true) return named;
  return positionalDType.exec(rest)?.[1];
}

const shapeArgument = /\b(?:shape|size)\s*=\s*(?:[A-Za-z.]+\()?([([])([-\d,\s]*)[)\]]/;
const positionalShape = /^\s*,\s*(\[)([-\d,\s]*)\]/;

function shapeIn(rest: string, constructor: TensorConstructor): Shape | undefined {
  const list =
    shapeArgument.exec(rest)?.[2] ??
    (constructor.positional === true ? positionalShape.exec(rest)?.[2] : undefined);
  return list === undefined ? undefined : dimensions(list);
}

function dimensions(list: string): Shape {
  return list
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(Number);
}

const reshaped = /\s*\.(?:reshape|view)\(\s*[([]?([-\d,\s]+)[)\]]?\s*\)/y;
const cast = /\s*\.(?:astype|to|type)\(\s*["']?(?:[A-Za-z_]+\.)*([A-Za-z]+\d+)["']?\s*\)/y;
const castName = /\s*\.(float|double|half|bfloat16|int|long)\(\)/y;
const otherChain = /\s*\.(?:cuda|cpu|detach|clone|copy|contiguous)\(\)/y;

const castDTypes: ReadonlyMap<string, string> = new Map([
  ['float', 'float32'],
  ['double', 'float64'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['int', 'int32'],
  ['long', 'int64'],
]);

/** Calls chained to a constructor that change what the literal means: `.reshape(1, 2, 2, 4)`. */
function chainAfter(text: string, from: number): { end: number; dtype?: string; shape?: Shape } {
  const chain: { end: number; dtype?: string; shape?: Shape } = { end: from };
  const next = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = chain.end;
    const match = pattern.exec(text);
    if (match) chain.end += match[0].length;
    return match ? (match[1] ?? '') : undefined;
  };
  for (let links = 0; links < 8; links++) {
    const shape = next(reshaped);
    if (shape !== undefined) chain.shape = dimensions(shape);
    const dtype = next(cast) ?? castDTypes.get(next(castName) ?? '');
    if (dtype !== undefined) chain.dtype = dtype;
    if (shape === undefined && dtype === undefined && next(otherChain) === undefined) break;
  }
  return chain;
}

const assigned = /([A-Za-z_$][\w$.]*)\s*(?::[^=\n]{0,80})?=\s*$/;
const property = /(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z_$][\w$.]*))\s*:\s*$/;
const pair = /\(\s*(["'])([^"'\n]+)\1\s*,\s*$/;

/** `<Variable path=bn/gamma, shape=(3,), dtype=float32, value=`, `<tf.Variable 'gamma:0' shape=(3,) dtype=float32, numpy=` */
const printedVariable =
  /<(?:tf\.)?(?:Variable|Tensor)\b(?: path=([^,\s]+)| '([^']+)')?[^<>]{0,200}\b(?:numpy|value)=\s*$/;

function nameOf(
  text: string,
  start: number,
  language: LanguageProfile,
): Pick<LiteralContext, 'name' | 'assignedBy'> {
  if (!mayBeNamed(text, start)) return { name: '', assignedBy: '' };
  const before = text
    .slice(Math.max(0, start - contextReach), start)
    .replace(/Parameter containing:\s*$/, '');
  const printed = language.printed ? printedVariable.exec(before) : null;
  if (printed) return { name: printed[1] ?? printed[2] ?? '', assignedBy: '' };
  const key = property.exec(before);
  if (key) return { name: key[1] ?? key[2] ?? key[3] ?? '', assignedBy: ':' };
  if (language.id === 'json') return { name: '', assignedBy: '' };
  const variable = assigned.exec(before);
  if (variable) return { name: variable[1] ?? '', assignedBy: '=' };
  return { name: pair.exec(before)?.[2] ?? '', assignedBy: '' };
}

/** Whether what ends just before can be one of the patterns above, each of which costs microseconds. */
function mayBeNamed(text: string, start: number): boolean {
  const last = lastBefore(text, start, start - contextReach);
  const char = text.charAt(last);
  if (char !== ',') return char === ':' || char === '=';
  return `"'`.includes(text.charAt(last - 1) || ' ');
}

/** Offset of the last character before `end` that is not blank, or one before `floor`. */
function lastBefore(text: string, end: number, floor: number): number {
  let i = end - 1;
  while (i >= floor && i >= 0 && isBlank(text.charCodeAt(i))) i--;
  return i;
}

/** Printed sparse tensors hold their indices and values as tensors of their own. */
function isSparsePart(text: string, name: string, end: number): boolean {
  if (name === 'dense_shape') return true;
  if (!/(?:^|_)(?:indices|values)$/.test(name)) return false;
  return /\bnnz=|\bdense_shape=/.test(text.slice(end, end + contextReach));
}
