import type { Convention } from '../../core/batchnorm/convention';
import type { Known } from '../../core/batchnorm/diagnose/finding';
import { knownAlone } from '../../core/batchnorm/diagnose/knownAlone';
import { parameterNames } from '../../core/batchnorm/layer';
import type { NamedMember } from '../../core/batchnorm/series/orderMembers';
import type { FileLayer, TensorFiles } from '../files/fileEngine';
import { isAborted } from '../lifecycle';

/** A checkpoint that was chosen. */
export interface ChosenMember extends NamedMember {
  readonly uri: string;
}

/** A layer of a checkpoint, with all that is known of it there. */
export interface MemberLayer {
  readonly name: string;
  readonly channels: number;
  readonly known: Known;
  readonly counted: boolean;
}

/** What was read of a checkpoint. */
export interface ReadMember {
  readonly member: ChosenMember;
  readonly layers: readonly MemberLayer[];
  /** Why nothing of it can be shown, as a sentence; undefined where something can. */
  readonly problem: string | undefined;
  /** Layers that cannot be read, in sentences. */
  readonly notes: readonly string[];
}

/** What reading a series needs. */
export interface ReadingServices {
  readonly files: Pick<TensorFiles, 'list' | 'layer'>;
  readonly fallback: (uri: string) => Convention;
}

/** Numbers that are kept of all checkpoints: 32 million take 256 MB. */
export const mostNumbers = 32_000_000;

/** How much of a series is read. */
export interface Room {
  numbers: number;
}

/**
 * Reads the batch norms of a checkpoint, and nothing else of it.
 * @param room what is left for it; taken from
 * @returns undefined where it was stopped
 */
export async function readMember(
  member: ChosenMember,
  { files, fallback }: ReadingServices,
  room: Room,
  signal: AbortSignal,
): Promise<ReadMember | undefined> {
  const unread = (problem: string): ReadMember => ({ member, layers: [], problem, notes: [] });
  const listed = await files.list(member.uri, signal);
  if (isAborted(signal)) return undefined;
  if (!listed.ok) return unread(listed.problem.message);
  const needed = listed.value.layers.reduce(
    (sum, { channels }) => sum + channels * parameterNames.length,
    0,
  );
  if (needed > room.numbers) {
    return unread(
      `Its batch norms were not read: with them the series would have more than ${mostNumbers / 1e6} million numbers. Choose fewer checkpoints.`,
    );
  }
  room.numbers -= needed;
  const layers: MemberLayer[] = [];
  const notes: string[] = [];
  for (const { name, channels } of listed.value.layers) {
    const read = await files.layer(member.uri, name, signal, true);
    if (isAborted(signal)) return undefined;
    const known = read.ok ? knownAlone(read.value.statement, channels, fallback(member.uri)) : read;
    if (!known.ok) notes.push(`${name}: ${known.problem.message}`);
    else layers.push({ name, channels, known: known.value, counted: isCounted(read) });
  }
  return { member, layers: withCheckpoint(layers), problem: undefined, notes };
}

function isCounted(read: { readonly ok: boolean; readonly value?: FileLayer }): boolean {
  return read.value?.statement.batchesTracked !== undefined;
}

function withCheckpoint(layers: readonly MemberLayer[]): readonly MemberLayer[] {
  const layersCounted = layers.filter(({ counted }) => counted).length;
  return layers.map(layer => {
    const { counted, known } = layer;
    const checkpoint = { counted, layersCounted, layers: layers.length };
    return { ...layer, known: { ...known, checkpoint } };
  });
}
