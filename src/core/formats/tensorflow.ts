import { storedDTypes } from '../tensor/storedDType';
import { BadFile, refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import type { LayerHint, TensorCatalog, TensorEntry } from './catalog';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { malformed } from './malformed';
import { ProtobufCursor } from './protobuf/cursor';
import { checkShape } from './shapes';
import { parseBundleEntry, parseBundleHeader, type BundleEntry } from './tensorflow/bundleEntry';
import { dataTypeName, storedDataType } from './tensorflow/dataTypes';
import { nameVariables, type NamedVariable } from './tensorflow/names';
import { parseObjectGraph, type ObjectGraph } from './tensorflow/objectGraph';
import { readTable } from './tensorflow/table';

const dataFile = /\.data-\d{5}-of-\d{5}$/;
const graphKey = '_CHECKPOINTABLE_OBJECT_GRAPH';
const graphLimit = 1 << 27;
const shardLimit = 10_000;

/**
 * TensorFlow checkpoints: an index (`NAME.index`) and shards of data beside it. Opened by either, or by
 * the `saved_model.pb` whose variables they are.
 * Sources: tensorflow/core/protobuf/tensor_bundle.proto, tensorflow/core/util/tensor_bundle.
 */
export const tensorflow: Format = {
  id: 'tensorflow',
  name: 'TensorFlow checkpoint',
  extensions: ['.index'],
  sniff: (_head, name) => dataFile.test(name) || name === 'saved_model.pb',
  open: openCheckpoint,
};

async function openCheckpoint(
  source: ByteSource,
  _services: unknown,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const { index, prefix } = await findIndex(source, signal);
  const rows = new Map<string, Uint8Array>();
  for (const { key, value } of await readTable(index, signal)) rows.set(key, value);
  const header = parseBundleHeader(
    rows.get('') ?? malformed('the index of the checkpoint has no header'),
  );
  rows.delete('');
  if (header.shards > shardLimit) malformed(`it says that it has ${header.shards} shards`);
  const entries = new Map([...rows].map(([key, value]) => [key, parseBundleEntry(value)]));
  const shards = await openShards(source, prefix, header.shards, entries, signal);
  const graph = await readObjectGraph(entries.get(graphKey), shards, signal);
  entries.delete(graphKey);
  const variables = nameVariables(entries, graph);
  return {
    format: tensorflow.id,
    entries: variables.map(variable => describe(variable, shards, !header.bigEndian)),
    hints: hintConventions(variables, graph),
    notes: [],
  };
}

/** The index of a checkpoint, and what its shards' paths from the opened file start with. */
async function findIndex(
  source: ByteSource,
  signal: AbortSignal,
): Promise<{ readonly index: ByteSource; readonly prefix: string }> {
  const { name } = source;
  if (name.toLowerCase() === 'saved_model.pb') {
    return {
      index: await source.sibling('variables/variables.index', signal),
      prefix: 'variables/variables',
    };
  }
  if (dataFile.test(name)) {
    const prefix = name.replace(dataFile, '');
    return { index: await source.sibling(`${prefix}.index`, signal), prefix };
  }
  return { index: source, prefix: name.replace(/\.index$/i, '') };
}

/** A shard, or why it cannot be had: its tensors are listed all the same. */
type Shard = ByteSource | { readonly missing: string };

async function openShards(
  source: ByteSource,
  prefix: string,
  count: number,
  entries: ReadonlyMap<string, BundleEntry>,
  signal: AbortSignal,
): Promise<Map<number, Shard>> {
  const shards = new Map<number, Shard>();
  for (const { shard } of entries.values()) {
    if (shards.has(shard)) continue;
    if (shard >= count) malformed(`a tensor is in shard ${shard} of ${count}`);
    const name = `${prefix}.data-${fiveDigits(shard)}-of-${fiveDigits(count)}`;
    shards.set(shard, await openShard(source, name, signal));
  }
  return shards;
}

function fiveDigits(number: number): string {
  return String(number).padStart(5, '0');
}

async function openShard(source: ByteSource, name: string, signal: AbortSignal): Promise<Shard> {
  try {
    return await source.sibling(name, signal);
  } catch (error) {
    if (error instanceof BadFile && error.code !== 'cancelled') {
      return { missing: `it is in ${name}: ${error.message}` };
    }
    throw error;
  }
}

/** A scalar of text: its length as a varint, four bytes of checksum, the text. */
async function readObjectGraph(
  entry: BundleEntry | undefined,
  shards: ReadonlyMap<number, Shard>,
  signal: AbortSignal,
): Promise<ObjectGraph | undefined> {
  const shard = entry && shards.get(entry.shard);
  if (!entry || !shard || 'missing' in shard) return undefined;
  if (entry.size > graphLimit)
    refuse('graph-too-large', `its object graph has ${entry.size} bytes.`);
  const bytes = await readBytes(shard, entry.offset, entry.size, signal);
  const length = new ProtobufCursor(bytes).varint();
  if (length > bytes.length) malformed('its object graph is cut short');
  return parseObjectGraph(bytes.subarray(bytes.length - length));
}

function describe(
  { name, entry }: NamedVariable,
  shards: ReadonlyMap<number, Shard>,
  littleEndian: boolean,
): TensorEntry {
  const { shape, size } = entry;
  const dtype = dataTypeName(entry.dataType);
  const stored = storedDataType(entry.dataType);
  const shard = shards.get(entry.shard);
  const elements = checkShape(shape, name);
  if (stored === undefined) {
    return unreadableEntry(name, shape, dtype, size, `values of type ${dtype} are not numbers`);
  }
  if (entry.sliced) {
    return unreadableEntry(
      name,
      shape,
      dtype,
      size,
      'it is a partitioned variable, stored in slices',
    );
  }
  if (!shard) return malformed(`shard ${entry.shard} is not known`);
  if ('missing' in shard) return unreadableEntry(name, shape, dtype, size, shard.missing);
  const needed = elements * storedDTypes[stored].bytes;
  if (size !== needed || entry.offset + needed > shard.size) {
    const reason = `it needs ${needed} bytes and has ${size} at byte ${entry.offset} of ${shard.size}: it is cut short or damaged`;
    return unreadableEntry(name, shape, dtype, size, reason);
  }
  return denseEntry({ name, shape, stored, source: shard, offset: entry.offset, littleEndian });
}

/**
 * What the keys tell of the API that saved it: Keras 3 saves through `_operations`, Keras 2 through
 * `layer_with_weights-0`; names alone, without a graph of objects, are TensorFlow 1's.
 */
function hintConventions(
  variables: readonly NamedVariable[],
  graph: ObjectGraph | undefined,
): LayerHint[] {
  const convention = (key: string): string | undefined => {
    if (!graph) return 'tf1';
    if (/(^|\/)(_operations|_layers|variables)\/\d+/.test(key)) return 'keras3';
    return /(^|\/)(layer_with_weights|layer|keras_api)-?/.test(key) ? 'keras2' : undefined;
  };
  return variables.flatMap(({ name, key }) => {
    const layer = /^(.*)\/moving_mean$/.exec(name)?.[1];
    const id = convention(key);
    return layer === undefined || id === undefined ? [] : [{ name: layer, convention: id }];
  });
}
