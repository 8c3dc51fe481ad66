import { BadFile, heed, refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import type { Format } from './format';
import { membersOf, parseHeaderJson } from './jsonHeader';
import { mostHeaderBytes } from './limits';
import { readSafetensors } from './safetensors';
import { quoted } from './shapes';

/** The index of a checkpoint in several safetensors files: `weight_map` from names to files. */
export const safetensorsIndex: Format = {
  id: 'safetensors-index',
  name: 'sharded safetensors',
  extensions: ['.safetensors.index.json'],
  sniff: (_head, name) => name.endsWith('.safetensors.index.json'),
  open: openIndex,
};

/** Files that one index may name. */
const mostShards = 10_000;

async function openIndex(
  source: ByteSource,
  _services: unknown,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  if (source.size > mostHeaderBytes) {
    refuse(
      'header-too-large',
      `it has ${source.size} bytes, and ${mostHeaderBytes} is the most for an index.`,
    );
  }
  const index = parseHeaderJson(await readBytes(source, 0, source.size, signal), 'the index');
  const map = membersOf(membersOf(index)?.get('weight_map'));
  if (map === undefined)
    refuse('header-invalid', 'the index has no "weight_map" of tensors to files.');
  const shards = new Map<string, TensorEntry[]>();
  const notes: string[] = [];
  const wanted = new Set<string>();
  for (const [name, file] of map) {
    if (typeof file !== 'string')
      refuse('header-invalid', `the index names no file for ${quoted(name)}.`);
    wanted.add(file);
  }
  if (wanted.size > mostShards) refuse('header-invalid', `the index names ${wanted.size} files.`);
  for (const file of wanted) {
    heed(signal);
    shards.set(file, await readShard(source, file, notes, signal));
  }
  const entries: TensorEntry[] = [];
  for (const [file, found] of shards) {
    for (const entry of found) if (map.get(entry.name) === file) entries.push(entry);
  }
  const missing = map.size - entries.length;
  if (missing > 0) notes.push(`${missing} tensors that the index names are in none of its files.`);
  return { format: safetensorsIndex.id, entries, hints: [], notes };
}

/** A shard that is not there, as while a checkpoint downloads, leaves the others readable. */
async function readShard(
  source: ByteSource,
  file: string,
  notes: string[],
  signal: AbortSignal,
): Promise<TensorEntry[]> {
  try {
    const shard = await source.sibling(file, signal);
    return [...(await readSafetensors(shard, signal)).entries];
  } catch (error) {
    const tolerated =
      error instanceof BadFile && !['cancelled', 'path-leaves-folder'].includes(error.code);
    if (!tolerated) throw error;
    notes.push(`Its file ${quoted(file)} cannot be read: ${error.message}`);
    return [];
  }
}
