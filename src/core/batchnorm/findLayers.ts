import type { LayerHint, TensorCatalog, TensorEntry } from '../formats/catalog';
import { namedGroups, type NamedGroup } from './families/groups';
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
  format,
  entries,
  hints,
}: Pick<TensorCatalog, 'format' | 'entries' | 'hints'>): FoundLayer[] {
  const listed = new Listed(format, entries);
  const known = hints.flatMap(hint => knownLayer(hint, listed) ?? []);
  const advice = new Map(
    hints.filter(({ parameters }) => !parameters).map(hint => [hint.name, hint]),
  );
  const named = withoutCopies(namedLayers(listed, known))
    .filter(({ name }) => advice.get(name)?.notBatchNorm === undefined)
    .map(group => advised(group, advice.get(group.name)));
  // Those that are named are in order by themselves.
  return uniquelyNamed(known.length === 0 ? named : inOrder([...known, ...named], listed));
}

/** The entries of a file, to be looked up by their names: only where the format knows of layers. */
class Listed {
  private known: ReadonlyMap<string, number> | undefined;

  /** @param format its id */
  constructor(
    readonly format: string,
    readonly entries: readonly TensorEntry[],
  ) {}

  /** By name. */
  get indices(): ReadonlyMap<string, number> {
    return (this.known ??= new Map(this.entries.map(({ name }, i) => [name, i])));
  }
}

function entryOf({ entries, indices }: Listed, name: string): TensorEntry | undefined {
  return entries[indices.get(name) ?? -1];
}

/** A hint that names tensors is a layer by itself, where it names any that fit together. */
function knownLayer(hint: LayerHint, listed: Listed): FoundLayer | undefined {
  if (hint.parameters === undefined || hint.notBatchNorm !== undefined) return undefined;
  const lengths = Object.values(hint.parameters).map(name => vectorLength(entryOf(listed, name)));
  const channels = Math.max(...lengths.map(length => length ?? NaN));
  // One value may stand for all channels.
  const fits = lengths.every(length => length === channels || length === 1);
  if (lengths.length === 0 || !fits) return undefined;
  const { parameters } = hint;
  return { name: hint.name, channels, parameters, ...statedBy(hint) };
}

/** @returns undefined for anything but a vector with elements */
export function vectorLength(entry: TensorEntry | undefined): number | undefined {
  if (entry?.shape.length !== 1) return undefined;
  const length = entry.shape[0] as number;
  return length > 0 ? length : undefined;
}

function statedBy(hint: LayerHint): Omit<FoundLayer, 'name' | 'channels' | 'parameters'> {
  const { name: _, parameters: __, notBatchNorm: ___, notes = [], ...stated } = hint;
  return { ...stated, notes };
}

function advised(layer: FoundLayer, hint: LayerHint | undefined): FoundLayer {
  return hint ? { ...layer, ...statedBy(hint) } : layer;
}

/** Groups of tensors that are layers, but for those with a tensor of a known one. */
function namedLayers(listed: Listed, known: readonly FoundLayer[]): FoundLayer[] {
  const claimed = known
    .flatMap(({ parameters }) => Object.values(parameters))
    .map(name => listed.indices.get(name) ?? -1);
  const groups = namedGroups(listed.entries, claimed, group => isLayer(group, listed));
  return groups.map(group => layerOf(group, listed));
}

/** Whether there are a mean and a variance, and all are vectors of one length. */
function isLayer({ family, members }: NamedGroup, { entries }: Listed): boolean {
  const { gamma, beta, movingMean, movingVariance } = members;
  if (movingMean === undefined || movingVariance === undefined) return false;
  if (family.needsAffine === true && gamma === undefined && beta === undefined) return false;
  const channels = vectorLength(entries[movingMean]);
  if (channels === undefined) return false;
  for (const role of parameterNames) {
    const index = members[role];
    if (index !== undefined && vectorLength(entries[index]) !== channels) return false;
  }
  return true;
}

function layerOf({ name, family, members }: NamedGroup, { format, entries }: Listed): FoundLayer {
  const nameAt = (index: number): string => (entries[index] as TensorEntry).name;
  const parameters: Partial<Record<ParameterName, string>> = {};
  for (const role of parameterNames) {
    const index = members[role];
    if (index !== undefined) parameters[role] = nameAt(index);
  }
  const { movingMean, batchesTracked } = members;
  const convention = family.conventionIn?.[format] ?? family.convention;
  return {
    name,
    channels: vectorLength(entries[movingMean ?? -1]) ?? 0,
    parameters,
    ...(batchesTracked !== undefined && { batchesTracked: nameAt(batchesTracked) }),
    ...(convention !== undefined && { convention }),
    notes: [],
  };
}

const averaged = /^(.*_)?(ema|swa|averaged?)(_.*)?$|^ExponentialMovingAverage$/i;

/** Leaves out averaged copies of layers whose own tensors are in the file too. */
function withoutCopies(layers: readonly FoundLayer[]): FoundLayer[] {
  if (!layers.some(({ name }) => /ema|swa|average/i.test(name))) return [...layers];
  const parts = layers.map(({ name }) => name.split(/[./]/));
  const isCopy = parts.map(path => path.some(part => averaged.test(part)));
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

/** In the order of their first tensors. */
function inOrder(layers: readonly FoundLayer[], { indices }: Listed): FoundLayer[] {
  const placed = layers.map(layer => {
    const places = Object.values(layer.parameters).map(name => indices.get(name) ?? 0);
    return { layer, first: Math.min(...places) };
  });
  return placed.sort((a, b) => a.first - b.first).map(({ layer }) => layer);
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
