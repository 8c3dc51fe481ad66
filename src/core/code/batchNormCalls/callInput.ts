import type { Shape } from '../../tensor/shape';
import type { TokenSpan } from '../bindings';
import { itemsBetween, pathAt } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { asDimensions, asTensor, type Evaluation, type TensorEvaluation } from '../evaluation';
import { bindingAt, evaluateSpan } from '../values';
import { spanText } from './argumentList';

/** What a call of batch norm is given to normalise. */
export type CallInput =
  /** Its values are in the file. */
  | { readonly kind: 'tensor'; readonly text: string; readonly tensor: TensorEvaluation }
  /** Only its shape is: it is a placeholder, or drawn at random. An entry that is open has no size. */
  | {
      readonly kind: 'shape';
      readonly text: string;
      readonly shape: readonly (number | undefined)[];
      /** Completes “its values are not known: …”. */
      readonly reason: string;
    }
  | { readonly kind: 'unknown'; readonly text: string; readonly reason: string };

export const noInput: CallInput = {
  kind: 'unknown',
  text: '',
  reason: 'the file does not say what the layer is called with',
};

/** Follows the expression that a call is given: through variables, feeds of a placeholder, and to a shape at least. */
export function readInput(file: CodeFile, span: TokenSpan): CallInput {
  const text = spanText(file, span);
  const value = evaluateSpan(file, span);
  const tensor = tensorOf(value);
  if (tensor) return { kind: 'tensor', text, tensor };
  const source = sourceOf(file, span);
  const fed = source.path === undefined ? undefined : fedValue(file, source.path);
  if (fed) return { kind: 'tensor', text: spanText(file, fed.span), tensor: fed.tensor };
  const made = shapeMade(file, source.span);
  const reason = value.kind === 'unknown' ? value.reason : 'it is no tensor that is known';
  return made ? { kind: 'shape', text, ...made } : { kind: 'unknown', text, reason };
}

function tensorOf(value: Evaluation): TensorEvaluation | undefined {
  const tensor = asTensor(value);
  return tensor && tensor.shape.length > 0 ? tensor : undefined;
}

/** The expression that a variable was set to, and the last variable on the way. */
function sourceOf(
  file: CodeFile,
  span: TokenSpan,
): { readonly span: TokenSpan; readonly path?: string } {
  let [at, name]: [TokenSpan, string | undefined] = [span, undefined];
  for (let links = 0; links < 8; links++) {
    const path = pathAt(file.tokens, at.first);
    if (path?.next !== at.end) break;
    const found = bindingAt(file, path.path, at.first);
    if (!found || !('binding' in found) || !found.binding.value) break;
    [at, name] = [found.binding.value, path.path];
  }
  return name === undefined ? { span: at } : { span: at, path: name };
}

/** Values that dictionaries feed a placeholder with, as `feed_dict={x: images}` does, that are looked into. */
const mostFeeds = 16;

/** The value that a placeholder is fed with, where the file has it: the first that can be told. */
function fedValue(
  file: CodeFile,
  path: string,
): { readonly span: TokenSpan; readonly tensor: TensorEvaluation } | undefined {
  for (const span of feedsOf(file).get(path)?.slice(0, mostFeeds) ?? []) {
    const tensor = tensorOf(evaluateSpan(file, span));
    if (tensor) return { span, tensor };
  }
  return undefined;
}

const feeds = new WeakMap<CodeFile, ReadonlyMap<string, readonly TokenSpan[]>>();

/** Values by the placeholders that they are fed to; found once a file. */
function feedsOf(file: CodeFile): ReadonlyMap<string, readonly TokenSpan[]> {
  const known = feeds.get(file);
  if (known) return known;
  const { tokens, brackets } = file;
  const found = new Map<string, TokenSpan[]>();
  for (const { name, value } of file.calls.flatMap(call => call.arguments)) {
    if (name !== 'feed_dict' || !tokens.is(value.first, '{')) continue;
    for (const item of itemsBetween(tokens, brackets, value.first + 1, value.end - 1)) {
      const key = pathAt(tokens, item.first);
      if (!key || !tokens.is(key.next, ':')) continue;
      const span = { first: key.next + 1, end: item.end };
      const fed = found.get(key.path);
      if (fed) fed.push(span);
      else found.set(key.path, [span]);
    }
  }
  feeds.set(file, found);
  return found;
}

interface ShapeMade {
  readonly shape: readonly (number | undefined)[];
  readonly reason: string;
}

/** Functions whose result has a shape that they are told, by the last part of their name. */
interface ShapeMaker {
  /** Place of the shape among the arguments, and its names; −1 where sizes are given one by one. */
  readonly index: number;
  readonly names: readonly string[];
  readonly reason: string;
  /** The batch is left out of it. */
  readonly withoutBatch?: boolean;
}

const drawn = 'it is drawn at random, which only a run does';
const placeholder = 'it is a placeholder, which only a run fills';
const shapeNames = ['shape', 'size'];

const makers: ReadonlyMap<string, ShapeMaker> = new Map<string, ShapeMaker>([
  ['placeholder', { index: 1, names: shapeNames, reason: placeholder }],
  ['Input', { index: 0, names: shapeNames, reason: placeholder, withoutBatch: true }],
  ['input', { index: 0, names: shapeNames, reason: placeholder, withoutBatch: true }],
  ...['randn', 'rand', 'empty'].map((name): [string, ShapeMaker] => [
    name,
    { index: -1, names: shapeNames, reason: drawn },
  ]),
  ...['random_normal', 'random_uniform', 'truncated_normal', 'randomNormal', 'randomUniform'].map(
    (name): [string, ShapeMaker] => [name, { index: 0, names: shapeNames, reason: drawn }],
  ),
  ...['random_sample', 'random', 'standard_normal'].map((name): [string, ShapeMaker] => [
    name,
    { index: 0, names: shapeNames, reason: drawn },
  ]),
  ['randint', { index: 2, names: shapeNames, reason: drawn }],
  ['truncatedNormal', { index: 0, names: shapeNames, reason: drawn }],
]);

/** NumPy's takes its parameters first, JAX's a key, TensorFlow's the shape: told by what the argument is. */
const distributions = new Set(['normal', 'uniform']);

function shapeMade(file: CodeFile, { first, end }: TokenSpan): ShapeMade | undefined {
  const { tokens } = file;
  const path = pathAt(tokens, first);
  const call = path && tokens.is(path.next, '(') ? file.callAt(path.next) : undefined;
  if (!path || !call || call.close >= end || !keepsShape(file, call.close + 1, end))
    return undefined;
  const last = path.path.slice(path.path.lastIndexOf('.') + 1);
  if (distributions.has(last)) {
    const given = call.arguments.map(argument => sizesOf(file, argument.value));
    const shape = given.find(sizes => sizes !== undefined && sizes.length > 1);
    return shape && { shape, reason: drawn };
  }
  const maker = makers.get(last);
  const shape = maker && shapeIn(file, call, maker);
  if (!maker || !shape || shape.length === 0) return undefined;
  return { shape: maker.withoutBatch ? [undefined, ...shape] : shape, reason: maker.reason };
}

function shapeIn(
  file: CodeFile,
  call: Call,
  { index, names }: ShapeMaker,
): readonly (number | undefined)[] | undefined {
  const named = call.arguments.find(({ name }) => name !== undefined && names.includes(name));
  if (named) return sizesOf(file, named.value);
  const places = call.arguments.filter(argument => argument.index >= 0);
  if (index >= 0) return places[index] && sizesOf(file, places[index].value);
  const sizes = places.map(({ value }) => sizesOf(file, value));
  if (sizes.length === 1) return sizes[0];
  const all = sizes.flatMap(size => (size?.length === 1 ? size : []));
  return all.length === sizes.length ? all : undefined;
}

/** `(None, 28, 28, 1)`, `[2, 3]`, `4`. */
function sizesOf(file: CodeFile, span: TokenSpan): readonly (number | undefined)[] | undefined {
  const value = evaluateSpan(file, span);
  if (value.kind === 'list') {
    const sizes = value.items.map(item => (item.kind === 'number' ? item.value : undefined));
    const fits = value.items.every(
      item => item.kind === 'nothing' || (item.kind === 'number' && isSize(item.value)),
    );
    return fits ? sizes : undefined;
  }
  const dimensions: Shape | undefined = asDimensions(value);
  return dimensions?.every(isSize) ? dimensions : undefined;
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/** Methods that leave the shape as it is, chained to what made it. */
const keeping = /^(?:astype|to|float|double|half|cuda|cpu|numpy|requires_grad_|detach|clone)$/;

function keepsShape(file: CodeFile, from: number, end: number): boolean {
  const { tokens, brackets } = file;
  let at = from;
  while (at < end) {
    const isMethod = tokens.is(at, '.') && keeping.test(tokens.textOf(at + 1));
    if (!isMethod || !tokens.is(at + 2, '(')) return false;
    at = brackets.partner(at + 2) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The shape with a size for every entry: an open batch has 8, anything else that is open 4. */
export function closedShape(shape: readonly (number | undefined)[]): Shape {
  return shape.map((size, axis) => size ?? (axis === 0 ? 8 : 4));
}
