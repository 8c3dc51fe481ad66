import type { TokenSpan } from '../bindings';
import { pathAt } from '../bindings';
import { propertiesIn, type CallArgument } from '../calls';
import type { CodeFile } from '../codeFile';
import { asTensor, unknown, type Unknown } from '../evaluation';
import { evaluateSpan } from '../values';

/** Values that an argument gives a parameter: one a channel, or one for all of them. */
export type ParameterValues = { readonly kind: 'values'; readonly values: Float64Array } | Unknown;

/** Constants by the last part of an initializer's name, whatever its spelling: `tf.ones_initializer`, `'ones'`. */
const constants: ReadonlyMap<string, number> = new Map([
  ['ones', 1],
  ['one', 1],
  ['zeros', 0],
  ['zero', 0],
]);

/** The initializer that takes its value: `tf.constant_initializer(2)`, `keras.initializers.Constant(2)`. */
const ofValue = /^constant(?:v[12])?$/;

/** What an initializer fills a parameter with; one that draws at random is unknown. */
export function readInitializer(file: CodeFile, span: TokenSpan): ParameterValues {
  const { tokens } = file;
  if (span.end === span.first + 1 && tokens.kind(span.first) === 'string') {
    return constantOf(tokens.textOf(span.first).slice(1, -1));
  }
  const path = pathAt(tokens, span.first);
  if (!path) return unknown('it is no initializer that is known');
  if (path.next === span.end) return named(file, path.path, span.first);
  const call = tokens.is(path.next, '(') ? file.callAt(path.next) : undefined;
  if (call?.close !== span.end - 1) return unknown('it is no initializer that is known');
  const name = plainName(path.path);
  if (constants.has(name)) return constantOf(name);
  if (!ofValue.test(name)) return unknown(`${path.path}() is no constant`);
  const value =
    call.arguments.find(({ name: key }) => key === 'value') ??
    call.arguments.find(({ index }) => index === 0);
  return value ? readValues(file, value.value) : constantOf('zeros');
}

/** `{'gamma': tf.constant_initializer(2)}`: each under its name. */
export function readInitializers(
  file: CodeFile,
  { first }: TokenSpan,
): readonly (CallArgument & { readonly name: string })[] {
  const { tokens, brackets } = file;
  const close = tokens.is(first, '{') ? brackets.partner(first) : -1;
  if (close < 0) return [];
  return propertiesIn(tokens, brackets, first, close).filter(
    (item): item is CallArgument & { readonly name: string } => item.name !== undefined,
  );
}

/** The values of an expression that is one number, or one a channel. */
export function readValues(file: CodeFile, span: TokenSpan): ParameterValues {
  const value = evaluateSpan(file, span);
  if (value.kind === 'unknown') return value;
  const tensor = asTensor(value);
  if (!tensor) return unknown('it is no tensor');
  const { shape, values } = tensor;
  const long = shape.filter(size => size !== 1).length;
  return long > 1
    ? unknown(`it has the shape (${shape.join(', ')}), and no one value a channel`)
    : { kind: 'values', values };
}

/** A name alone: `nn.initializers.ones`, or a variable that holds an initializer. */
function named(file: CodeFile, path: string, at: number): ParameterValues {
  const bindings = file.bindings.of(path);
  const [binding] = bindings;
  if (bindings.length === 1 && binding?.value && binding.token < at) {
    return readInitializer(file, binding.value);
  }
  const constant = constants.get(plainName(path));
  return bindings.length === 0 && constant !== undefined
    ? constantOf(plainName(path))
    : unknown(`what ${path} is cannot be told here`);
}

function constantOf(name: string): ParameterValues {
  const value = constants.get(plainName(name));
  return value === undefined
    ? unknown(`“${name}” is no constant`)
    : { kind: 'values', values: Float64Array.of(value) };
}

/** `tf.compat.v1.ones_initializer` is `ones`. */
function plainName(path: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return last.replace(/_?initializer$/i, '').toLowerCase();
}
