import type { ParameterName } from '../../batchnorm/layer';
import type { LayerHint } from '../catalog';
import type { FindConfig } from './configIndex';
import type { KerasBatchNorm } from './modelConfig';

/**
 * Keras 3 stores a layer's variables by position: `layers/batch_normalization_1/vars/0` and so on, in the
 * order gamma, beta, mean, variance, with absent ones left out. The group is named after the class; the
 * layer's own name is an attribute.
 */
export interface VariableGroup {
  /** Of the group that has `vars`: `layers/batch_normalization_1`. */
  readonly path: string;
  /** Names of the layer and of those around it: `td/inner/inner_bn`. */
  readonly names: readonly string[];
  /** Entry names of its variables, by position, with their shapes. */
  readonly variables: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * The batch norms among groups of variables: those that the configuration knows by name, and those
 * called after the class (a model that is a subclass has no configuration of its layers). Where nobody
 * says what a layer has, three variables leave open whether gamma or beta is absent.
 * @param configured what the configuration says, in the model's order
 * @param convention of the file's version
 */
export function positionalLayers(
  groups: readonly VariableGroup[],
  configured: readonly KerasBatchNorm[],
  findConfig: FindConfig,
  convention = 'keras3',
): LayerHint[] {
  // Keras 2.12 to 2.15 wrote no names; groups are numbered in the model's order.
  const nameless = groups.filter(
    ({ path, names }) => names.length === 0 && isNamedAfterClass(path),
  );
  const inOrder = new Map(
    nameless.length === configured.length
      ? nameless.map(({ path }, i) => [path, configured[i]])
      : [],
  );
  const hints = groups.flatMap(group => {
    const own = group.names.at(-1);
    const config = own === undefined ? inOrder.get(group.path) : findConfig(own, group.names);
    const isBatchNorm = config !== undefined || isNamedAfterClass(group.path);
    const hint =
      isBatchNorm && sameVectors(group) ? describe(group, config, convention) : undefined;
    return hint ? [{ hint, path: group.path }] : [];
  });
  return uniquelyNamed(hints);
}

/** Layers of one name are called by their paths. */
function uniquelyNamed(
  hints: readonly { readonly hint: LayerHint; readonly path: string }[],
): LayerHint[] {
  const seen = new Map<string, number>();
  for (const { hint } of hints) seen.set(hint.name, (seen.get(hint.name) ?? 0) + 1);
  return hints.map(({ hint, path }) =>
    seen.get(hint.name) === 1 ? hint : { ...hint, name: path },
  );
}

function isNamedAfterClass(path: string): boolean {
  return /(^|[\\/])(sync_)?batch_normalization(_\d+)?$/.test(path);
}

/** Two to four vectors of one length: a gamma and a beta are as long as the statistics. */
function sameVectors({ variables }: VariableGroup): boolean {
  const length = variables[0]?.shape[0];
  return (
    variables.length >= 2 &&
    variables.length <= 4 &&
    variables.every(({ shape }) => shape.length === 1 && shape[0] === length)
  );
}

function describe(
  group: VariableGroup,
  config: KerasBatchNorm | undefined,
  convention: string,
): LayerHint | undefined {
  const { variables, names, path } = group;
  const roles = rolesOf(variables.length, config);
  if (!roles) return undefined;
  const parameters: Partial<Record<ParameterName, string>> = {};
  roles.forEach((role, i) => {
    const variable = variables[i];
    if (role && variable) parameters[role] = variable.name;
  });
  return {
    name: names.length === 0 ? path : names.join('/'),
    parameters,
    convention,
    ...statedBy(config),
    ...(roles.includes(undefined) && { notes: [openNote] }),
  };
}

const openNote =
  'It has one of gamma and beta, and only the model’s configuration says which: neither is used. Open the .keras file.';

/** What each position is; undefined for one that is gamma or beta and nobody says which. */
function rolesOf(
  count: number,
  config: KerasBatchNorm | undefined,
): readonly (ParameterName | undefined)[] | undefined {
  const affine: (ParameterName | undefined)[] = [];
  if (config) {
    if (config.scale) affine.push('gamma');
    if (config.center) affine.push('beta');
  } else if (count === 4) affine.push('gamma', 'beta');
  else if (count === 3) affine.push(undefined);
  return affine.length + 2 === count ? [...affine, 'movingMean', 'movingVariance'] : undefined;
}

/** What a configuration states, as a hint says it. */
export function statedBy(config: KerasBatchNorm | undefined): Partial<LayerHint> {
  if (!config) return {};
  const { epsilon, momentum, axis, trainable } = config;
  return {
    ...(epsilon !== undefined && { epsilon }),
    ...(momentum !== undefined && { momentum }),
    ...(axis !== undefined && { channelAxis: axis }),
    ...(trainable !== undefined && { trainable }),
  };
}
