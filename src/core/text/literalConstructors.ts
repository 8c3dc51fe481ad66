import type { LanguageProfile } from './literalLanguage';

/** A call that makes a tensor of a nested literal, by the last part of its name. */
export interface TensorConstructor {
  /** The name is too common to count without a module before it: `tf.constant`, not `constant`. */
  readonly needsModule?: boolean;
  /** What the call makes unless an argument says otherwise. */
  readonly dtype?: string;
  /** The second argument may be the shape, and a string argument the dtype: tfjs. */
  readonly positional?: boolean;
  readonly languages: readonly LanguageProfile['id'][];
}

const python: readonly LanguageProfile['id'][] = ['python', 'text'];
const javascript: readonly LanguageProfile['id'][] = ['javascript', 'text'];
const both: readonly LanguageProfile['id'][] = ['python', 'javascript', 'text'];

const constructors: ReadonlyMap<string, TensorConstructor> = new Map<string, TensorConstructor>([
  ['array', { languages: python }],
  ['asarray', { languages: python, needsModule: true }],
  ['Array', { languages: ['text'] }],
  ['tensor', { languages: both, positional: true }],
  ['as_tensor', { languages: python }],
  ['Tensor', { languages: both, dtype: 'float32' }],
  ['FloatTensor', { languages: python, dtype: 'float32' }],
  ['DoubleTensor', { languages: python, dtype: 'float64' }],
  ['HalfTensor', { languages: python, dtype: 'float16' }],
  ['LongTensor', { languages: python, dtype: 'int64' }],
  ['IntTensor', { languages: python, dtype: 'int32' }],
  ['constant', { languages: python, needsModule: true }],
  ['convert_to_tensor', { languages: python }],
  ['to_tensor', { languages: python, needsModule: true }],
  ['Variable', { languages: python, needsModule: true }],
  ['Parameter', { languages: python }],
  ['variable', { languages: both, needsModule: true }],
  ...[1, 2, 3, 4, 5, 6].map((rank): [string, TensorConstructor] => [
    `tensor${rank}d`,
    { languages: javascript, positional: true },
  ]),
  ...['Float32', 'Float64', 'Int32', 'Int16', 'Int8', 'Uint32', 'Uint16', 'Uint8'].map(
    (name): [string, TensorConstructor] => [
      `${name}Array`,
      { languages: javascript, dtype: name.toLowerCase() },
    ],
  ),
]);

/** Calls whose argument looks like a tensor and is none: sizes, axes, ranges. */
const otherCalls: ReadonlySet<string> = new Set([
  'Size',
  'TensorShape',
  'set',
  'frozenset',
  'dict',
]);

export type CallKind =
  | { readonly kind: 'tensor'; readonly constructor: TensorConstructor }
  | { readonly kind: 'no' }
  | { readonly kind: 'other' };

/**
 * What a call of this (dotted) name makes of a literal.
 * @returns `no` where the argument certainly is no tensor, `other` where the name says nothing
 */
export function callKind(path: string, language: LanguageProfile): CallKind {
  const dot = path.lastIndexOf('.');
  const name = path.slice(dot + 1);
  if (otherCalls.has(name)) return { kind: 'no' };
  const found = constructors.get(name);
  if (!found?.languages.includes(language.id) || (found.needsModule === true && dot < 0)) {
    return { kind: 'other' };
  }
  return { kind: 'tensor', constructor: found };
}
