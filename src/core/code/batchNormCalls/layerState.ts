import type { ParameterName } from '../../batchnorm/layer';
import { itemsBetween, lastBefore, pathAt, type Binding } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { unknown } from '../evaluation';
import { classAround, functionAround } from '../scopes';
import { evaluateSpan } from '../values';
import type { CallFamily } from './callFamily';
import { readInitializers, readValues, type ParameterValues } from './initializers';

/** What code does to a layer after it is made. */
export interface LayerState {
  readonly parameters: Readonly<Partial<Record<ParameterName, ParameterValues>>>;
  readonly training?: boolean;
  readonly trainable?: boolean;
}

/** One thing that is done, at a token: the last one counts. */
interface Change {
  readonly token: number;
  readonly parameter: ParameterName;
  readonly values: ParameterValues;
}

/** Methods that fill a parameter in place: with their argument, or with a constant of their own. */
const fillers: ReadonlyMap<string, number | undefined> = new Map([
  ['fill_', undefined],
  ['copy_', undefined],
  ['constant_', undefined],
  ['assign', undefined],
  ['set_', undefined],
  ['zero_', 0],
  ['zeros_', 0],
  ['ones_', 1],
]);

/** Methods that take all parameters: under their names, or in the order in which the framework stores them. */
const loaders = new Set(['load_state_dict', 'set_weights', 'setWeights']);
const storedOrder: readonly ParameterName[] = ['gamma', 'beta', 'movingMean', 'movingVariance'];

/** Where a layer is in a variable: from where it is made until the variable is something else. */
export interface LayerLife {
  readonly file: CodeFile;
  readonly family: CallFamily;
  /** The variable: `bn`, `self.bn1`; empty where it is in none. */
  readonly path: string;
  /** Tokens. */
  readonly made: number;
  readonly until: number;
}

/** @param path the variable that the layer is in @param made the last token of the call that makes it */
export function layerLife(
  file: CodeFile,
  family: CallFamily,
  path: string,
  made: number,
): LayerLife {
  const at = file.statements.indexOf(made);
  const others = isAttribute(path)
    ? file.bindings.inClass(path, classAround(file, at))
    : file.bindings.inFunction(path, functionAround(file, at));
  const next = others[lastBefore(others, made + 1, ({ token }) => token) + 1];
  return { file, family, path, made, until: next?.token ?? file.tokens.count };
}

/** What the file does to a layer after it was made, by the variable that it is in. */
export function readLayerState(life: LayerLife): LayerState {
  if (life.path === '') return { parameters: {} };
  const changes = [...assignedChanges(life), ...calledChanges(life)];
  changes.sort((a, b) => a.token - b.token);
  const parameters: Partial<Record<ParameterName, ParameterValues>> = {};
  for (const { parameter, values } of changes) parameters[parameter] = values;
  const training = modeOf(life);
  const trainable = trainableOf(life);
  return {
    parameters,
    ...(training !== undefined && { training }),
    ...(trainable !== undefined && { trainable }),
  };
}

/** Those of some calls, in the order of the text, that are of the layer: while it is in its variable. */
export function callsWithin(
  { file, path, made, until }: LayerLife,
  calls: readonly Call[],
): readonly Call[] {
  const found: Call[] = [];
  for (let i = lastBefore(calls, made + 1, ({ open }) => open) + 1; i < calls.length; i++) {
    const call = calls[i] as Call;
    if (call.open >= until || found.length === mostCalls) break;
    if (sameScope(file, path, call.open, made)) found.push(call);
  }
  return found;
}

/** Calls on one layer that are looked into: of a handful the last counts, and nobody writes thousands. */
const mostCalls = 256;

function bindingsWithin(
  { file, path, made, until }: LayerLife,
  attribute: string,
): readonly Binding[] {
  return file.bindings
    .of(`${path}.${attribute}`)
    .filter(({ token }) => token > made && token < until && sameScope(file, path, token, made));
}

function isAttribute(path: string): boolean {
  return /^(?:self|this)\./.test(path);
}

/** An attribute of `self` may be changed in any method; a variable only where it is one. */
function sameScope(file: CodeFile, path: string, token: number, made: number): boolean {
  const [at, from] = [file.statements.indexOf(token), file.statements.indexOf(made)];
  return isAttribute(path)
    ? classAround(file, at) === classAround(file, from)
    : functionAround(file, at) === functionAround(file, from);
}

/** `bn.weight = nn.Parameter(…)`, `bn.weight.data = …`, `bn.weight[0] = …`. */
function assignedChanges(life: LayerLife): readonly Change[] {
  const { file, family, path } = life;
  return Object.entries(family.attributes ?? {}).flatMap(([attribute, parameter]) =>
    [attribute, `${attribute}.data`].flatMap(own =>
      bindingsWithin(life, own).map(({ token, value, kind }) => ({
        token,
        parameter,
        values:
          value && kind === 'set'
            ? readValues(file, value)
            : unknown(`${path}.${attribute} is changed in part`),
      })),
    ),
  );
}

function calledChanges(life: LayerLife): readonly Change[] {
  const { file, family, path } = life;
  const { callIndex: index } = file;
  return [
    ...callsWithin(life, index.on(path)).flatMap(call => loaded(file, family, call, path)),
    ...Object.entries(family.attributes ?? {}).flatMap(([attribute, parameter]) => {
      const own = `${path}.${attribute}`;
      const filled = (call: Call, argument: number): readonly Change[] => {
        const values = filledBy(file, call, argument);
        return values ? [{ token: call.open, parameter, values }] : [];
      };
      return [
        ...callsWithin(life, index.on(own)).flatMap(call => filled(call, 0)),
        ...callsWithin(life, index.about(own)).flatMap(call => filled(call, 1)),
      ];
    }),
  ];
}

/** `bn.weight.data.fill_(2)`, `nn.init.constant_(bn.weight, 2)`; a method that draws at random is unknown. */
function filledBy(file: CodeFile, call: Call, argument: number): ParameterValues | undefined {
  const name = call.path.slice(call.path.lastIndexOf('.') + 1);
  if (!fillers.has(name)) {
    return name.endsWith('_') ? unknown(`${name}() is no constant`) : undefined;
  }
  const constant = fillers.get(name);
  if (constant !== undefined) return { kind: 'values', values: Float64Array.of(constant) };
  const given = call.arguments.find(({ index }) => index === argument) ?? call.arguments[argument];
  return given && readValues(file, given.value);
}

/** `bn.load_state_dict({'weight': w, …})`, `layer.set_weights([gamma, beta, mean, variance])`. */
function loaded(
  file: CodeFile,
  { attributes = {} }: CallFamily,
  call: Call,
  path: string,
): readonly Change[] {
  const method = call.path.slice(path.length + 1);
  const value = loaders.has(method) ? call.arguments[0]?.value : undefined;
  if (!value) return [];
  const token = call.open;
  const { tokens, brackets } = file;
  if (tokens.is(value.first, '[')) {
    const items = itemsBetween(tokens, brackets, value.first + 1, value.end - 1);
    if (items.length !== storedOrder.length) return [];
    return items.flatMap((item, i) => {
      const parameter = storedOrder[i];
      return parameter ? [{ token, parameter, values: readValues(file, item) }] : [];
    });
  }
  const entries = readInitializers(file, value);
  if (entries.length === 0) {
    const values = unknown(`${method}() sets it from what is not in this file`);
    return Object.values(attributes).map(parameter => ({ token, parameter, values }));
  }
  return entries.flatMap(({ name, value: entry }) => {
    const parameter = attributes[name];
    return parameter ? [{ token, parameter, values: readValues(file, entry) }] : [];
  });
}

/**
 * `bn.eval()` of the layer itself, unless it is also put in training. Only where it certainly runs, and before anything
 * is done with the layer: in the block that makes it. What another method or a branch does is open.
 */
function modeOf(life: LayerLife): boolean | undefined {
  const { file, path, made } = life;
  const { modes } = life.family;
  if (!modes) return undefined;
  const calls = callsWithin(life, file.callIndex.on(path));
  const methodOf = ({ path: called }: Call): string => called.slice(path.length + 1);
  if (calls.some(call => methodOf(call) === modes.training)) return undefined;
  const put = calls.find(call => methodOf(call) === modes.inference);
  if (!put || !sameBlock(file, put.open, made)) return undefined;
  const before = ({ open }: Call): boolean => open > made && open < put.open;
  const isUsed =
    calls.some(call => call.path === path && before(call)) ||
    callsWithin(life, file.callIndex.about(path)).some(
      call => before(call) && givesWhole(file, call, path),
    );
  return isUsed ? undefined : false;
}

/** Whether both tokens are in statements of one block of one function. */
function sameBlock({ statements }: CodeFile, a: number, b: number): boolean {
  const [first, second] = [a, b].map(token => statements.all[statements.indexOf(token)]);
  return first?.parent === second?.parent && first?.scope === second?.scope;
}

/** Whether a call is given the layer itself, `train(bn)`, and not a parameter of it. */
function givesWhole({ tokens }: CodeFile, { arguments: [first] }: Call, path: string): boolean {
  return first !== undefined && pathAt(tokens, first.value.first)?.path === path;
}

/** `layer.trainable = False`, `bn.weight.requires_grad = False`, `bn.requires_grad_(False)`. */
function trainableOf(life: LayerLife): boolean | undefined {
  const { file, family, path } = life;
  const attributes = family.trainableBy ?? [];
  const assigned = attributes.flatMap(attribute =>
    bindingsWithin(life, attribute).flatMap(({ value }) => (value ? [value] : [])),
  );
  const method = `${path}.requires_grad_`;
  const called = callsWithin(life, file.callIndex.on(method)).flatMap(({ arguments: [given] }) =>
    given ? [given.value] : [],
  );
  const last = [...assigned, ...called].sort((a, b) => a.first - b.first).at(-1);
  const value = last && evaluateSpan(file, last);
  return value?.kind === 'boolean' ? value.value : undefined;
}

/** The variable or attribute that a statement assigns what starts at a token to. */
export function assignedPath(file: CodeFile, first: number, from: number): string {
  const path = pathAt(file.tokens, from);
  return path && file.tokens.is(first - 1, '=') ? path.path : '';
}
