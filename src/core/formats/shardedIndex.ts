import { BadFile, heed, refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { LayerHint, TensorCatalog, TensorEntry } from './catalog';
import type { Format } from './format';
import { membersOf, parseHeaderJson } from './jsonHeader';
import { mostHeaderBytes } from './limits';
import type { FormatServices } from './services';
import { quoted } from './shapes';

/** A format whose files are indices: JSON with a `weight_map` from tensors' names to files beside it. */
export interface IndexOf {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Lower case, with the dot. */
  readonly extension: string;
  /** Lists one of the files. */
  readonly open: Format['open'];
}

/**
 * The index of a checkpoint in several files, read as one.
 * Source: transformers 4.57, modeling_utils.py (`save_pretrained`).
 */
export function shardedIndex(of: IndexOf): Format {
  return {
    id: of.id,
    name: of.name,
    extensions: [of.extension],
    isText: true,
    sniff: (_head, name) => name.endsWith(of.extension),
    open: (source, services, signal) => openIndex(of, source, services, signal),
  };
}

/** Files that one index may name. */
const mostShards = 10_000;

async function openIndex(
  of: IndexOf,
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const map = await readMap(source, signal);
  const notes = new Set<string>();
  const lost: string[] = [];
  const hints: LayerHint[] = [];
  const entries: TensorEntry[] = [];
  for (const file of new Set(map.values())) {
    heed(signal);
    const shard = await readShard(of, { source, file }, services, signal);
    // One by one: arguments of a call have a limit.
    for (const hint of shard.hints) hints.push(hint);
    for (const note of shard.notes) notes.add(note);
    lost.push(...(shard.lost ?? []));
    for (const entry of shard.entries) if (map.get(entry.name) === file) entries.push(entry);
  }
  const missing = map.size - entries.length;
  if (missing > 0) {
    const note = `${missing} tensors that the index names are in none of its files.`;
    notes.add(note);
    lost.push(note);
  }
  return { format: of.id, entries, hints, notes: [...notes], lost };
}

/** Files by the names of their tensors. */
async function readMap(source: ByteSource, signal: AbortSignal): Promise<Map<string, string>> {
  if (source.size > mostHeaderBytes) {
    refuse(
      'header-too-large',
      `it has ${source.size} bytes, and ${mostHeaderBytes} is the most for an index.`,
    );
  }
  const index = parseHeaderJson(await readBytes(source, 0, source.size, signal), 'the index');
  const stated = membersOf(membersOf(index)?.get('weight_map'));
  if (stated === undefined) {
    refuse('header-invalid', 'the index has no "weight_map" of tensors to files.');
  }
  const map = new Map<string, string>();
  for (const [name, file] of stated) {
    if (typeof file !== 'string') {
      refuse('header-invalid', `the index names no file for ${quoted(name)}.`);
    }
    map.set(name, file);
  }
  const files = new Set(map.values()).size;
  if (files > mostShards) refuse('header-invalid', `the index names ${files} files.`);
  return map;
}

type Listed = Pick<TensorCatalog, 'entries' | 'hints' | 'notes' | 'lost'>;

/** A shard that is not there, as while a checkpoint downloads, leaves the others readable. */
async function readShard(
  of: IndexOf,
  { source, file }: { readonly source: ByteSource; readonly file: string },
  services: FormatServices,
  signal: AbortSignal,
): Promise<Listed> {
  try {
    return await of.open(await source.sibling(file, signal), services, signal);
  } catch (error) {
    const tolerated =
      error instanceof BadFile && !['cancelled', 'path-leaves-folder'].includes(error.code);
    if (!tolerated) throw error;
    const note = `Its file ${quoted(file)} cannot be read: ${error.message}`;
    return { entries: [], hints: [], notes: [note], lost: [note] };
  }
}
