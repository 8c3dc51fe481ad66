import { BadFile } from '../badFile';
import type { LayerHint, TensorEntry } from '../catalog';
import type { Hdf5File } from '../hdf5/library';
import type { Hdf5Tree } from '../hdf5/tree';
import { parseHeaderJson } from '../jsonHeader';
import { indexConfig } from './configIndex';
import { findBatchNorms } from './modelConfig';
import { kerasConvention, namedLayers } from './namedLayers';
import { positionalLayers, type VariableGroup } from './positionalLayers';

/** What there is of a model beside its weights. */
export interface KerasModel {
  /** `model_config` or `config.json`, parsed. */
  readonly config: unknown;
  /** Of the Keras that saved it: `3.15.1`. */
  readonly version: string | undefined;
}

/** The configuration that `model.save('m.h5')` writes into attributes of the file's root. */
export function modelInAttributes(file: Hdf5File): KerasModel {
  const config = file.textAttribute('/', 'model_config');
  const version = file.textAttribute('/', 'keras_version');
  return {
    config: typeof config === 'string' ? parseConfig(new TextEncoder().encode(config)) : undefined,
    version: typeof version === 'string' ? version : undefined,
  };
}

/** @returns undefined where it is damaged: the weights can be read without it */
export function parseConfig(bytes: Uint8Array): unknown {
  try {
    return parseHeaderJson(bytes, 'its configuration');
  } catch (error) {
    if (error instanceof BadFile) return undefined;
    throw error;
  }
}

/** The batch norms of a file of Keras: none where it is of something else. */
export function kerasHints(
  file: Hdf5File,
  tree: Hdf5Tree,
  entries: readonly TensorEntry[],
  { config, version }: KerasModel,
): LayerHint[] {
  const configured = findBatchNorms(config);
  const findConfig = indexConfig(configured);
  const convention = kerasConvention(version);
  const names = entries.map(({ name }) => name);
  return [
    ...namedLayers(names, findConfig, convention),
    ...positionalLayers(variableGroups(file, tree, entries), configured, findConfig, convention),
  ];
}

const varsSuffix = '/vars';

/** Groups of variables by position, but for the optimizer's. */
function variableGroups(
  file: Hdf5File,
  { groups }: Hdf5Tree,
  entries: readonly TensorEntry[],
): VariableGroup[] {
  const owners = groups
    .filter(path => path.endsWith(varsSuffix) && !path.startsWith('/optimizer/'))
    .map(path => path.slice(1, -varsSuffix.length));
  if (owners.length === 0) return [];
  const variables = new Map<string, TensorEntry[]>(owners.map(owner => [owner, []]));
  for (const entry of entries) {
    const owner = /^(.*)\/vars\/\d+$/.exec(entry.name)?.[1];
    if (owner !== undefined) variables.get(owner)?.push(entry);
  }
  const nameOf = layerNames(file, variables);
  return owners.map(path => ({
    path,
    names: pathsAround(path).flatMap(outer => nameOf(outer) ?? []),
    variables: variables.get(path) ?? [],
  }));
}

/** The name that a layer's group has as an attribute of its `vars`; undefined where it has none. */
function layerNames(
  file: Hdf5File,
  owners: ReadonlyMap<string, unknown>,
): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return path => {
    if (!owners.has(path)) return undefined;
    if (!known.has(path)) {
      const name = file.textAttribute(`/${path}${varsSuffix}`, 'name');
      known.set(path, typeof name === 'string' ? name : undefined);
    }
    return known.get(path);
  };
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function pathsAround(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
