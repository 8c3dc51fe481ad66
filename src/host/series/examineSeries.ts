import { diagnose as diagnoseAll } from '../findings/lazyDoctor';
import type { Finding, Known } from '../../core/batchnorm/diagnose/finding';
import { relateFiles } from '../../core/batchnorm/diagnose/relatedFiles';
import { firstGoneBadFirst, onsetsOf, type Onset } from '../../core/batchnorm/series/onsets';
import { isAborted } from '../lifecycle';
import type { MemberLayer, ReadMember } from './seriesReader';

/** A layer over the checkpoints that are drawn. */
export interface ExaminedLayer {
  readonly name: string;
  readonly channels: number;
  /** By checkpoint; undefined where it does not have the layer. */
  readonly members: readonly (MemberLayer | undefined)[];
  /** Errors and warnings, by checkpoint. */
  readonly found: readonly (readonly Finding[])[];
  readonly onsets: readonly Onset[];
  readonly notes: readonly string[];
}

export interface ExaminedSeries {
  /** Those that are drawn, in their order. */
  readonly members: readonly ReadMember[];
  /** The one that went bad first first. */
  readonly layers: readonly ExaminedLayer[];
  /** Whether they are ranks of one step, and no series. */
  readonly areRanks: boolean;
}

export type Diagnose = (known: Known) => Promise<readonly Finding[]>;

/** How long the extension host is kept at a time, in milliseconds. */
const turn = 8;

/**
 * Looks for everything wrong with each layer in each checkpoint, and for when it began, as `doctor` does over
 * the same files.
 * @returns undefined where it was stopped
 */
export async function examineSeries(
  members: readonly ReadMember[],
  signal: AbortSignal,
  diagnose: Diagnose = diagnoseAll,
): Promise<ExaminedSeries | undefined> {
  const { are, related, unrelated } = relateFiles(
    members.map(({ member, layers }) => ({
      label: member.name,
      layers: layers.map(({ name, known, counted }) => ({ name, layer: known.layer, counted })),
    })),
  );
  const names = [...new Set(members.flatMap(({ layers }) => layers.map(({ name }) => name)))];
  const examined: ExaminedLayer[] = [];
  let since = performance.now();
  for (const name of names) {
    const at = members.map(({ layers }) => layers.findIndex(layer => layer.name === name));
    const own = members.map(({ layers }, i) => layers[at[i] ?? -1]);
    const found: (readonly Finding[] | undefined)[] = [];
    for (const [i, layer] of own.entries()) {
      const beside = related[i]?.[at[i] ?? -1];
      found.push(layer && (await diagnose({ ...layer.known, ...beside })));
      if (performance.now() - since < turn) continue;
      await new Promise(resolve => setTimeout(resolve, 0));
      if (isAborted(signal)) return undefined;
      since = performance.now();
    }
    const notes = unrelated.flatMap(({ file, layer, message }) =>
      layer === name ? [`In ${members[file]?.member.name ?? ''}: ${message}`] : [],
    );
    examined.push({
      name,
      channels: Math.max(...own.map(layer => layer?.channels ?? 0)),
      members: own,
      found: found.map(all => (all ?? []).filter(({ severity }) => severity !== 'note')),
      onsets: onsetsOf(found),
      notes,
    });
  }
  const order = firstGoneBadFirst(examined.map(({ onsets }) => onsets));
  const layers = order.flatMap(i => examined[i] ?? []);
  return { members, layers, areRanks: are === 'ranks' };
}
