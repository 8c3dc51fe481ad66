import type { ParameterName } from '../../batchnorm/layer';
import { itemsBetween, pathAt } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { unknown } from '../evaluation';
import { evaluateSpan } from '../values';
import type { CallFamily } from './callFamily';
import { readInitializers, readValues, type ParameterValues } from './initializers';
import { laterSettings, settingAt, type LaterSetting } from './laterSettings';
import { bindingsWithin, callsWithin, sameBlock, type LayerLife } from './layerLife';

/** What code does to a layer after it is made. */
export interface LayerState {
  readonly parameters: Readonly<Partial<Record<ParameterName, ParameterValues>>>;
  readonly training?: boolean;
  /** Flags and numbers that were set, trainable among them. */
  readonly settings: readonly LaterSetting[];
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

/** What the file does to a layer after it was made, by the variable that it is in. */
export function readLayerState(life: LayerLife): LayerState {
  if (life.path === '') return { parameters: {}, settings: laterSettings(life) };
  const changes = [...assignedChanges(life), ...calledChanges(life)];
  changes.sort((a, b) => a.token - b.token);
  const parameters: Partial<Record<ParameterName, ParameterValues>> = {};
  for (const { parameter, values } of changes) parameters[parameter] = values;
  const training = modeOf(life);
  const trainable = trainableOf(life);
  return {
    parameters,
    ...(training !== undefined && { training }),
    settings: [...laterSettings(life), ...(trainable ? [trainable] : [])],
  };
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
  const [assigned, another] = bindingsWithin(life, 'training');
  if (assigned) {
    const value = another ? undefined : assigned.value && evaluateSpan(file, assigned.value);
    return value?.kind === 'boolean' && sameBlock(file, assigned.token, made)
      ? value.value
      : undefined;
  }
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

/** Whether a call is given the layer itself, `train(bn)`, and not a parameter of it. */
function givesWhole({ tokens }: CodeFile, { arguments: [first] }: Call, path: string): boolean {
  return first !== undefined && pathAt(tokens, first.value.first)?.path === path;
}

/** `layer.trainable = False`, `bn.weight.requires_grad = False`, `bn.requires_grad_(False)`. */
function trainableOf(life: LayerLife): LaterSetting | undefined {
  const { file, family, path } = life;
  const attributes = family.trainableBy ?? [];
  const assigned = attributes.flatMap(attribute =>
    bindingsWithin(life, attribute).flatMap(({ value, token }) =>
      value ? [{ value, token }] : [],
    ),
  );
  const method = `${path}.requires_grad_`;
  const called = callsWithin(life, file.callIndex.on(method)).flatMap(
    ({ arguments: [given], callee: { first: token } }) =>
      given ? [{ value: given.value, token }] : [],
  );
  const last = [...assigned, ...called].sort((a, b) => a.token - b.token).at(-1);
  const name = attributes[0] ?? '';
  return last && settingAt(life, { role: 'trainable', name, ...last });
}

/** The variable or attribute that a statement assigns what starts at a token to. */
export function assignedPath(file: CodeFile, first: number, from: number): string {
  const path = pathAt(file.tokens, from);
  return path && file.tokens.is(first - 1, '=') ? path.path : '';
}
