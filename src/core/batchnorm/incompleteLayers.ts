import type { LayerHint, TensorCatalog, TensorEntry } from '../formats/catalog';
import { cutLast } from './families/family';
import { groupsNamedBy, type NamedGroup } from './families/groups';
import { namingFamilies } from './families/registry';
import { vectorLength, type FoundLayer } from './findLayers';
import { parameterNames, type ParameterName } from './layer';

/** Tensors that are surely those of a batch-norm layer, and cannot be one. */
export interface IncompleteLayer {
  /** The layer's path. */
  readonly name: string;
  /** For the end of a sentence: `running_var has 7 entries, running_mean 8`. */
  readonly reason: string;
  /** Entries, or `missing`, or a shape, by the tensor's last name. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** Names of the tensors that are there. */
  readonly parameters: Readonly<Partial<Record<ParameterName, string>>>;
}

type Reason = Pick<IncompleteLayer, 'reason' | 'evidence'>;

/**
 * Batch-norm layers of a file that `findLayers` leaves out because a moving mean or variance is missing, or because
 * lengths differ. What may as well be something else (a mean and a deviation, a matrix) is none.
 * @param found what `findLayers` makes of the same file
 */
export function incompleteLayers(
  { entries, hints }: Pick<TensorCatalog, 'entries' | 'hints'>,
  found: readonly FoundLayer[],
): IncompleteLayer[] {
  const others = new Set(hints.filter(hint => hint.notBatchNorm).map(({ name }) => name));
  const claimed = new Set(found.flatMap(({ parameters }) => Object.values(parameters)));
  const beside = statisticsByPath(entries);
  const incomplete = new Map<string, IncompleteLayer>();
  for (const family of namingFamilies) {
    if (!family.statistics) continue;
    for (const group of groupsNamedBy(family, entries)) {
      const { name, members } = group;
      const isOfLayer = Object.values(members).some(i => claimed.has(entries[i]?.name ?? ''));
      if (isOfLayer || others.has(name) || incomplete.has(name)) continue;
      const reason =
        missing(group, family.statistics, beside.get(name) ?? 0) ?? mismatch(group, entries);
      if (reason) incomplete.set(name, { name, ...reason, parameters: named(members, entries) });
    }
  }
  for (const { name, reason } of hintedMismatches(entries, hints, claimed)) {
    const parameters = hints.find(hint => hint.name === name)?.parameters ?? {};
    if (!incomplete.has(name)) incomplete.set(name, { name, ...reason, parameters });
  }
  return [...incomplete.values()];
}

function named(
  members: NamedGroup['members'],
  entries: readonly TensorEntry[],
): IncompleteLayer['parameters'] {
  return Object.fromEntries(
    parameterNames.flatMap(role => {
      const entry = entries[members[role] ?? -1];
      return entry ? [[role, entry.name]] : [];
    }),
  );
}

/** Layers that the format itself knows (a node of ONNX), whose vectors do not fit together. */
function hintedMismatches(
  entries: readonly TensorEntry[],
  hints: readonly LayerHint[],
  claimed: ReadonlySet<string>,
): { readonly name: string; readonly reason: Reason }[] {
  const known = hints.filter(({ parameters, notBatchNorm }) => parameters && !notBatchNorm);
  if (known.length === 0) return [];
  const byName = new Map(entries.map(entry => [entry.name, entry]));
  return known.flatMap(({ name, parameters = {} }) => {
    const given = Object.values(parameters);
    if (given.length === 0 || given.some(one => claimed.has(one))) return [];
    const reason = mismatched(given.flatMap(one => byName.get(one) ?? []));
    return reason ? [{ name, reason }] : [];
  });
}

/** Where not all are vectors of as many entries as the longest, or of one. */
function mismatched(vectors: readonly TensorEntry[]): Reason | undefined {
  const most = Math.max(...vectors.map(entry => vectorLength(entry) ?? 0));
  const wrong = vectors.filter(entry => {
    const length = vectorLength(entry);
    return length !== most && length !== 1;
  });
  const [whole] = vectors.filter(entry => vectorLength(entry) === most);
  if (wrong.length === 0) return undefined;
  const said = wrong.map(entry => `${lastOf(entry)} has the shape [${entry.shape.join(', ')}]`);
  return {
    reason: whole
      ? `${said.join(', ')}, and ${lastOf(whole)} has ${entriesOf(whole)}`
      : `${said.join(', ')}, and is to have one entry a channel`,
    evidence: Object.fromEntries(
      [...wrong, ...(whole ? [whole] : [])].map(entry => [
        lastOf(entry),
        `[${entry.shape.join(', ')}]`,
      ]),
    ),
  };
}

/** How many tensors of each path are called some statistic, whoever calls them so. */
function statisticsByPath(entries: readonly TensorEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of entries) {
    const { path, last } = cutLast(name);
    if (/mean|var|std|avg/i.test(last)) counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  return counts;
}

/**
 * Where a mean or variance is missing beside gamma, beta or a count of batches.
 * @param beside tensors of the layer's path that are called a statistic: one of another name may stand for the missing
 */
function missing(
  { members }: NamedGroup,
  names: Readonly<Record<'movingMean' | 'movingVariance', string>>,
  beside: number,
): Reason | undefined {
  const { gamma, beta, movingMean, movingVariance, batchesTracked } = members;
  const has = [movingMean, movingVariance].filter(index => index !== undefined).length;
  if (has === 2 || beside > has) return undefined;
  if (batchesTracked === undefined) {
    // Gamma and beta alone are a LayerNorm's as well, and a statistic alone is anybody's.
    if (has === 0 || (gamma === undefined && beta === undefined)) return undefined;
  }
  const lacking = [
    ...(movingMean === undefined ? [names.movingMean] : []),
    ...(movingVariance === undefined ? [names.movingVariance] : []),
  ];
  return {
    reason: `${lacking.join(' and ')} ${lacking.length === 1 ? 'is' : 'are'} missing`,
    evidence: Object.fromEntries(lacking.map(name => [name, 'missing'])),
  };
}

/** Where vectors have other lengths than the mean; of what counts batches also where one is no vector. */
function mismatch({ members }: NamedGroup, entries: readonly TensorEntry[]): Reason | undefined {
  const { movingMean, movingVariance, batchesTracked } = members;
  if (movingMean === undefined || movingVariance === undefined) return undefined;
  const vectors = parameterNames.flatMap(role => entries[members[role] ?? -1] ?? []);
  const other = vectors.find(entry => vectorLength(entry) === undefined);
  if (other) {
    if (batchesTracked === undefined) return undefined;
    const last = lastOf(other);
    const shape = `[${other.shape.join(', ')}]`;
    return {
      reason: `${last} has the shape ${shape}, and is to have one entry a channel`,
      evidence: { [last]: shape },
    };
  }
  const mean = entries[movingMean];
  const differing = vectors.filter(entry => vectorLength(entry) !== vectorLength(mean));
  if (!mean || differing.length === 0) return undefined;
  const said = differing.map(entry => `${lastOf(entry)} has ${entriesOf(entry)}`);
  return {
    reason: `${said.join(', ')}, ${lastOf(mean)} ${vectorLength(mean)}`,
    evidence: Object.fromEntries(
      [...differing, mean].map(entry => [lastOf(entry), vectorLength(entry) ?? 0]),
    ),
  };
}

function lastOf({ name }: TensorEntry): string {
  return cutLast(name).last;
}

function entriesOf(entry: TensorEntry): string {
  const length = vectorLength(entry) ?? 0;
  return length === 1 ? '1 entry' : `${length} entries`;
}
