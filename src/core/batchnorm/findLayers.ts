import type { LayerHint, TensorCatalog, TensorEntry } from '../formats/catalog';
import type { NamingFamily, TensorRole } from './families/family';
import { namingFamilies } from './families/registry';
import { parameterNames, type ParameterName } from './layer';

/** A batch-norm layer of a file: which tensors it is made of, and what the file states beyond them. */
export interface FoundLayer {
  /** The layer's path; empty where the file is one layer. Unique in its file. */
  readonly name: string;
  readonly channels: number;
  /** Entry names. At least one is there. */
  readonly parameters: Readonly<Partial<Record<ParameterName, string>>>;
  /** Name of the entry that counts batches. */
  readonly batchesTracked?: string;
  /** Convention id; absent where nothing tells. */
  readonly convention?: string;
  readonly epsilon?: number;
  /** In the convention's meaning; null is the cumulative average. */
  readonly momentum?: number | null;
  /** May be negative. */
  readonly channelAxis?: number;
  readonly training?: boolean;
  readonly trainable?: boolean;
  /** What becomes of the moving statistics, where it is not the usual; see `BatchNormLayer`. */
  readonly tracking?: 'frozen' | 'none';
  /** What a user should know of it, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The batch-norm layers of a file, in its order: those that the format itself knows, and groups of tensors
 * that are named as one of the families names them. Optimizer slots, and averaged copies (EMA) of layers that
 * are there as well, are none.
 */
export function findLayers({
  entries,
  hints,
}: Pick<TensorCatalog, 'entries' | 'hints'>): FoundLayer[] {
  const listed: Listed = new Map(entries.map((entry, index) => [entry.name, { entry, index }]));
  const known = hints.flatMap(hint => knownLayer(hint, listed) ?? []);
  const claimed = new Set(known.flatMap(({ parameters }) => Object.values(parameters)));
  const advice = new Map(
    hints.filter(({ parameters }) => !parameters).map(hint => [hint.name, hint]),
  );
  const named = withoutCopies(groupsOf(entries, listed, claimed))
    .filter(({ name }) => advice.get(name)?.notBatchNorm === undefined)
    .map(group => advised(group, advice.get(group.name)));
  return uniquelyNamed(
    [...known, ...named].sort((a, b) => firstIndex(a, listed) - firstIndex(b, listed)),
  );
}

type Listed = ReadonlyMap<string, { readonly entry: TensorEntry; readonly index: number }>;

/** A hint that names tensors is a layer by itself, where it names any that fit together. */
function knownLayer(hint: LayerHint, listed: Listed): FoundLayer | undefined {
  if (hint.parameters === undefined || hint.notBatchNorm !== undefined) return undefined;
  const lengths = Object.values(hint.parameters).map(name => vectorLength(listed.get(name)?.entry));
  const channels = Math.max(...lengths.map(length => length ?? NaN));
  // One value may stand for all channels.
  const fits = lengths.every(length => length === channels || length === 1);
  if (lengths.length === 0 || !fits) return undefined;
  const { parameters } = hint;
  return { name: hint.name, channels, parameters, ...statedBy(hint) };
}

/** @returns undefined for anything but a vector with elements */
function vectorLength(entry: TensorEntry | undefined): number | undefined {
  const [length, ...rest] = entry?.shape ?? [];
  return rest.length === 0 && length !== undefined && length > 0 ? length : undefined;
}

function statedBy(hint: LayerHint): Omit<FoundLayer, 'name' | 'channels' | 'parameters'> {
  const { name: _, parameters: __, notBatchNorm: ___, notes = [], ...stated } = hint;
  return { ...stated, notes };
}

function advised(layer: FoundLayer, hint: LayerHint | undefined): FoundLayer {
  return hint ? { ...layer, ...statedBy(hint) } : layer;
}

interface Group extends FoundLayer {
  readonly family: NamingFamily;
}

/** Groups of tensors that are layers. Where two families know one, it is the one that knows more of it. */
function groupsOf(
  entries: readonly TensorEntry[],
  listed: Listed,
  claimed: ReadonlySet<string>,
): FoundLayer[] {
  const taken = new Set(claimed);
  const groups = namingFamilies
    .flatMap(family => groupsOfFamily(family, entries, listed))
    .sort((a, b) => sizeOfGroup(b) - sizeOfGroup(a));
  return groups.flatMap(({ family: _, ...group }) => {
    const names = Object.values(group.parameters);
    if (names.some(name => taken.has(name))) return [];
    for (const name of names) taken.add(name);
    return [group];
  });
}

function sizeOfGroup({ parameters }: FoundLayer): number {
  return Object.keys(parameters).length;
}

function groupsOfFamily(
  family: NamingFamily,
  entries: readonly TensorEntry[],
  listed: Listed,
): Group[] {
  const groups = new Map<string, Partial<Record<TensorRole, string>>>();
  for (const { name } of entries) {
    const found = family.roleOf(name);
    if (!found || optimizer.test(name)) continue;
    const group = groups.get(found.layer) ?? {};
    group[found.role] ??= name;
    groups.set(found.layer, group);
  }
  return [...groups].flatMap(([name, group]) => layerOf(name, family, group, listed) ?? []);
}

/** @returns undefined unless there are a mean and a variance, and all are vectors of one length */
function layerOf(
  name: string,
  family: NamingFamily,
  group: Readonly<Partial<Record<TensorRole, string>>>,
  listed: Listed,
): Group | undefined {
  const { movingMean, movingVariance, batchesTracked } = group;
  if (movingMean === undefined || movingVariance === undefined) return undefined;
  const channels = vectorLength(listed.get(movingMean)?.entry);
  if (channels === undefined) return undefined;
  const parameters: Partial<Record<ParameterName, string>> = {};
  for (const role of parameterNames) {
    const entry = group[role];
    if (entry === undefined) continue;
    if (vectorLength(listed.get(entry)?.entry) !== channels) return undefined;
    parameters[role] = entry;
  }
  const affine = parameters.gamma !== undefined || parameters.beta !== undefined;
  if (family.needsAffine === true && !affine) return undefined;
  return {
    family,
    name,
    channels,
    parameters,
    ...(batchesTracked !== undefined && { batchesTracked }),
    ...(family.convention !== undefined && { convention: family.convention }),
    notes: [],
  };
}

/** Where Keras and TensorFlow keep the state of optimizers. */
const optimizer = /(^|[./])optimizer(_weights)?[./]/;

const averaged = /^(.*_)?(ema|swa|averaged?)(_.*)?$|^ExponentialMovingAverage$/i;

/** Leaves out averaged copies of layers whose own tensors are in the file too. */
function withoutCopies(layers: readonly FoundLayer[]): FoundLayer[] {
  const parts = layers.map(({ name }) => name.split(/[./]/));
  const isCopy = parts.map(path => path.some(part => averaged.test(part)));
  if (!isCopy.includes(true)) return [...layers];
  const originals = new Set(parts.flatMap((path, i) => (isCopy[i] === true ? [] : endsOf(path))));
  return layers.filter((_, i) => {
    const path = parts[i] ?? [];
    const from = path.reduce((last, part, at) => (averaged.test(part) ? at + 1 : last), 0);
    const rest = path.slice(from).join('.');
    const bare = rest.replace(/^(module|model)\./, '');
    return isCopy[i] !== true || !(originals.has(rest) || originals.has(bare));
  });
}

/** A path without its first part, its first two, …: what stands before it depends on who saved it. */
function endsOf(path: readonly string[]): string[] {
  return path.slice(0, 8).map((_, start) => path.slice(start).join('.'));
}

function firstIndex({ parameters }: FoundLayer, listed: Listed): number {
  const indices = Object.values(parameters).map(name => listed.get(name)?.index ?? 0);
  return Math.min(...indices);
}

function uniquelyNamed(layers: readonly FoundLayer[]): FoundLayer[] {
  const names = new Set<string>();
  return layers.map(layer => {
    let { name } = layer;
    for (let copy = 2; names.has(name); copy++) name = `${layer.name} (${copy})`;
    names.add(name);
    return name === layer.name ? layer : { ...layer, name };
  });
}
