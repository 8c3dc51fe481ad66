import { BadFile, heed, refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { LayerHint, TensorCatalog, TensorEntry } from './catalog';
import { concatenated } from './concatenated';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { membersOf, parseHeaderJson } from './jsonHeader';
import { indexConfig } from './keras/configIndex';
import { findBatchNorms } from './keras/modelConfig';
import { namedLayers } from './keras/namedLayers';
import { mostHeaderBytes } from './limits';
import { quoted } from './shapes';
import { dequantised } from './tfjs/dequantised';
import { parseManifest, weightBytes, type ManifestWeight, type WeightGroup } from './tfjs/manifest';
import { windowedBytes, type WindowedBytes } from './windowedBytes';

/** Keys of a model.json, one of which is near its start. */
const telling = /"(modelTopology|weightsManifest|(layers|graph)-model)"/;

/**
 * TensorFlow.js models: `model.json` with a manifest of weights, and shards beside it.
 * Source: tfjs-core 4.22.0, io/types.ts (ModelJSON).
 */
export const tfjs: Format = {
  id: 'tfjs',
  name: 'TensorFlow.js model',
  extensions: [],
  isText: true,
  sniff: (head, name) =>
    name.endsWith('.json') && telling.test(new TextDecoder('latin1').decode(head)),
  open: openModel,
};

async function openModel(
  source: ByteSource,
  _services: unknown,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  if (source.size > mostHeaderBytes) {
    refuse('header-too-large', `it has ${source.size} bytes, and ${mostHeaderBytes} is the most.`);
  }
  const parsed = parseHeaderJson(await readBytes(source, 0, source.size, signal), 'the model');
  const model = membersOf(parsed);
  const manifest = model?.get('weightsManifest');
  if (manifest === undefined) {
    refuse('manifest-invalid', 'it has no "weightsManifest": weights are not in this file.');
  }
  const entries: TensorEntry[] = [];
  for (const group of parseManifest(manifest)) {
    heed(signal);
    // One by one: arguments of a call have a limit.
    for (const entry of await readGroup(source, group, signal)) entries.push(entry);
  }
  return {
    format: tfjs.id,
    entries: uniquelyNamed(entries),
    hints: hintLayers(entries, model?.get('modelTopology')),
    notes: entries.some(({ dtype }) => dtype.startsWith('uint')) ? [quantisedNote] : [],
  };
}

const quantisedNote =
  'Its weights are quantised: an 8-bit variance close to 0 may have become 0, which divides by epsilon alone.';

function uniquelyNamed(entries: readonly TensorEntry[]): readonly TensorEntry[] {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) refuse('manifest-invalid', `it has two weights named ${quoted(name)}.`);
    names.add(name);
  }
  return entries;
}

/** Shards from the first on that could be opened, and why the next could not. */
interface Shards {
  readonly bytes: ByteSource;
  readonly problem: string | undefined;
}

async function openShards(
  source: ByteSource,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Shards> {
  const opened: ByteSource[] = [];
  let problem: string | undefined;
  for (const path of paths) {
    try {
      opened.push(await source.sibling(path, signal));
    } catch (error) {
      if (!(error instanceof BadFile) || error.code === 'cancelled') throw error;
      problem = error.message;
      break;
    }
  }
  return { bytes: concatenated(paths[0] ?? '', opened), problem };
}

/** Lays a group's weights out: each starts where the one before it ends, over the shards' borders. */
async function readGroup(
  source: ByteSource,
  { paths, weights }: WeightGroup,
  signal: AbortSignal,
): Promise<TensorEntry[]> {
  const { bytes, problem } = await openShards(source, paths, signal);
  const windows = windowedBytes(bytes, signal);
  const entries: TensorEntry[] = [];
  let offset: number | undefined = 0;
  for (const weight of weights) {
    const length: number | undefined =
      offset === undefined ? undefined : await storedBytes(windows, offset, weight);
    if (offset !== undefined && length !== undefined && offset + length <= bytes.size) {
      entries.push(describe(weight, bytes, offset, length));
      offset += length;
    } else {
      entries.push(lost(weight, problem ?? `its shards end before it, at byte ${bytes.size}`));
      offset = undefined;
    }
  }
  return entries;
}

function describe(
  { name, shape, dtype, stored, affine }: ManifestWeight,
  source: ByteSource,
  offset: number,
  length: number,
): TensorEntry {
  if (stored === undefined) return unreadableEntry(name, shape, dtype, length, 'it holds text');
  const entry = denseEntry({ name, shape, stored, source, offset });
  return affine ? dequantised(entry, affine, dtype === 'int32' ? 'int32' : 'float32') : entry;
}

function lost(weight: ManifestWeight, reason: string): TensorEntry {
  const { name, shape, dtype, stored } = weight;
  const bytes = stored === undefined ? 0 : weightBytes(weight, stored);
  return unreadableEntry(name, shape, stored ?? dtype, bytes, reason);
}

/** Texts of one weight that are walked over. */
const mostTexts = 100_000;

/** Texts say their own lengths, four bytes before each. @returns undefined where they are cut short */
async function storedBytes(
  bytes: WindowedBytes,
  start: number,
  weight: ManifestWeight,
): Promise<number | undefined> {
  const { stored, elements } = weight;
  if (stored !== undefined) return weightBytes(weight, stored);
  if (elements > mostTexts) return undefined;
  let at = start;
  for (let i = 0; i < elements; i++) {
    if (at + 4 > bytes.size) return undefined;
    const head = await bytes.read(at, 4);
    at += 4 + new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  }
  return at - start;
}

function hintLayers(entries: readonly TensorEntry[], topology: unknown): LayerHint[] {
  return namedLayers(
    entries.map(({ name }) => name),
    indexConfig(findBatchNorms(topology)),
    'tfjs',
  );
}
