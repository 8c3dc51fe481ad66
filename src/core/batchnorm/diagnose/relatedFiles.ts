import { pairLayers, type PairableLayer } from '../pairLayers';
import type { OtherLayer } from './finding';
import type { BatchNormLayer } from '../layer';

/** A layer of one of several checkpoints. */
export interface ListedLayer {
  readonly name: string;
  readonly layer: BatchNormLayer;
  /** Whether its file counts batches. */
  readonly counted: boolean;
}

/** A checkpoint among others, in the order in which they are given. */
export interface ListedFile {
  readonly label: string;
  readonly layers: readonly ListedLayer[];
}

/** What several checkpoints are to each other. */
export type FilesAre =
  /** Of one run, one after the other. */
  | 'series'
  /** Of one step, each from another process. */
  | 'ranks';

/** What the other files have of a layer; nothing where it has no partner of as many channels. */
export interface Related {
  readonly earlier?: OtherLayer;
  readonly ranks?: readonly OtherLayer[];
}

/** A layer that cannot be set beside that of the file before it. */
export interface Unrelated {
  readonly file: number;
  readonly layer: string;
  /** A sentence. */
  readonly message: string;
}

export interface RelatedFiles {
  readonly are: FilesAre;
  /** By file, and then in the order of its layers. */
  readonly related: readonly (readonly Related[])[];
  readonly unrelated: readonly Unrelated[];
}

const rankName = /(?:^|[^a-z])(?:rank|shard|worker|replica|gpu|node|proc)[-_.]?\d/i;

/**
 * Sets each layer beside the same one in the other files: the one before it in a series; of ranks, all of them, for
 * the first file alone, so that what they differ in is said once.
 */
export function relateFiles(files: readonly ListedFile[]): RelatedFiles {
  const are =
    files.every(({ label }) => rankName.test(label)) || countsAgree(files) ? 'ranks' : 'series';
  const unrelated: Unrelated[] = [];
  const partners = files.map((file, i) => {
    const before = files[are === 'ranks' ? 0 : i - 1];
    return i === 0 || before === undefined ? [] : partnersOf(before, file, i, unrelated);
  });
  const related = files.map((file, i): Related[] =>
    file.layers.map((_, at): Related => {
      if (are === 'series') {
        const earlier = partners[i]?.[at];
        return earlier ? { earlier } : {};
      }
      return i === 0 ? ranksOf(files, partners, at) : {};
    }),
  );
  return { are, related, unrelated };
}

/** The same layer on all ranks, the first file's first. */
function ranksOf(
  files: readonly ListedFile[],
  partners: readonly (readonly (OtherLayer | undefined)[])[],
  at: number,
): Related {
  const [first] = files;
  const own = first?.layers[at];
  if (first === undefined || own === undefined) return {};
  const others = files.slice(1).flatMap((file, i) => {
    const found = file.layers.findIndex((_, j) => partners[i + 1]?.[j]?.layer === own.layer);
    const layer = file.layers[found];
    return layer ? [{ label: file.label, layer: layer.layer, counted: layer.counted }] : [];
  });
  const ranks = [{ label: first.label, layer: own.layer, counted: own.counted }, ...others];
  return ranks.length > 1 ? { ranks } : {};
}

/** For each layer of a file, that of the file before it. */
function partnersOf(
  before: ListedFile,
  file: ListedFile,
  index: number,
  unrelated: Unrelated[],
): (OtherLayer | undefined)[] {
  const { pairs, onlyB } = pairLayers(before.layers.map(pairable), file.layers.map(pairable));
  const partners: (OtherLayer | undefined)[] = file.layers.map(() => undefined);
  for (const { a, b, pairedBy, doubt } of pairs) {
    const [earlier, now] = [before.layers[a], file.layers[b]];
    if (!earlier || !now) continue;
    if (pairedBy === 'structure' && doubt !== undefined) {
      const message = `It has no partner in ${before.label} for certain. ${earlier.name} has its place, but: ${doubt}`;
      unrelated.push({ file: index, layer: now.name, message });
      continue;
    }
    const [from, to] = [earlier.layer.gamma.length, now.layer.gamma.length];
    if (from === to) {
      partners[b] = { label: before.label, layer: earlier.layer, counted: earlier.counted };
    } else {
      const message = `It has ${to} channels, and had ${from} in ${before.label}: the two cannot be set beside each other.`;
      unrelated.push({ file: index, layer: now.name, message });
    }
  }
  for (const b of onlyB) {
    const message = `It has no partner in ${before.label}.`;
    unrelated.push({ file: index, layer: file.layers[b]?.name ?? '', message });
  }
  return partners;
}

function pairable({ name, layer }: ListedLayer): PairableLayer {
  const { gamma, beta, movingMean, movingVariance } = layer;
  return { name, channels: gamma.length, parameters: { gamma, beta, movingMean, movingVariance } };
}

/** Of one step: every layer counts as many batches as its namesake, and gamma and beta are the same. */
function countsAgree([first, ...rest]: readonly ListedFile[]): boolean {
  if (first === undefined || first.layers.length === 0) return false;
  const own = new Map(first.layers.map(layer => [layer.name, layer]));
  return rest.every(file =>
    file.layers.every(({ name, layer, counted }) => {
      const other = own.get(name);
      return (
        counted &&
        other?.counted === true &&
        layer.batchesTracked === other.layer.batchesTracked &&
        sameNumbers(layer.gamma, other.layer.gamma) &&
        sameNumbers(layer.beta, other.layer.beta)
      );
    }),
  );
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, c) => Object.is(value, b[c]));
}
