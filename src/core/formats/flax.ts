import { isStoredDType, storedDTypes, type StoredDType } from '../tensor/storedDType';
import { bytesSource, partOf, type ByteSource } from './byteSource';
import type { TensorEntry } from './catalog';
import { concatenated } from './concatenated';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { flaxLayers } from './msgpack/layers';
import { readMsgpackTree, type MsgpackNode, type PackedArray } from './msgpack/tree';
import { checkShape } from './shapes';
import { UniqueNames } from './uniqueNames';
import { windowedBytes } from './windowedBytes';

/**
 * Variables of flax, as `flax.serialization.to_bytes` packs them: msgpack, with arrays as extensions.
 * Their bytes are skipped, so that a file of gigabytes costs its names. Checkpoints of
 * `flax.training` have no extension. Source: flax 0.12.8, serialization.py.
 */
export const flax: Format = {
  id: 'flax',
  name: 'flax variables',
  extensions: ['.msgpack'],
  sniff: (head, name) => startsAsMap(head) && /(^|_)checkpoint_\d+$/.test(name),
  async open(source, _services, signal) {
    const tree = await readMsgpackTree(windowedBytes(source, signal));
    const names = new UniqueNames();
    const entries = [...listEntries(tree, source)].map(entry => ({
      ...entry,
      // A name may hold the slash that paths are made with.
      name: names.take(entry.name),
    }));
    return { format: flax.id, entries, hints: flaxLayers(entries), notes: [] };
  },
};

function startsAsMap([first = 0]: Uint8Array): boolean {
  return (first >= 0x80 && first <= 0x8f) || first === 0xde || first === 0xdf;
}

function* listEntries(
  node: MsgpackNode,
  source: ByteSource,
  path = '',
): Generator<TensorEntry, void> {
  switch (node.kind) {
    case 'map': {
      const chunked = chunksOf(node.members);
      if (chunked) yield describe(path, chunked.shape, chunked.chunks, source);
      else {
        for (const [key, member] of node.members) {
          yield* listEntries(member, source, path === '' ? key : `${path}/${key}`);
        }
      }
      return;
    }
    case 'array':
      yield describe(path, node.array.shape, [node.array], source);
      return;
    case 'number':
      yield numberEntry(path, node.value);
      return;
    case 'complex':
      yield valueEntry(path, 'complex128', Float64Array.from(node.value));
      return;
    case 'other':
      return;
  }
}

/** An array of more than 1 GiB, which flax packs in parts: flat, and the shape beside them. */
function chunksOf(
  members: ReadonlyMap<string, MsgpackNode>,
): { readonly shape: readonly number[]; readonly chunks: readonly PackedArray[] } | undefined {
  const [shape, chunks] = [members.get('shape'), members.get('chunks')];
  const isChunked = members.has('__msgpack_chunked_array__');
  if (!isChunked || shape?.kind !== 'map' || chunks?.kind !== 'map') return undefined;
  return {
    shape: [...shape.members.values()].map(node =>
      node.kind === 'number' ? Number(node.value) : NaN,
    ),
    chunks: [...chunks.members.values()].flatMap(node =>
      node.kind === 'array' ? [node.array] : [],
    ),
  };
}

function describe(
  name: string,
  shape: readonly number[],
  parts: readonly PackedArray[],
  source: ByteSource,
): TensorEntry {
  const dtype = parts[0]?.dtype ?? 'unknown';
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const elements = checkShape(shape, name);
  if (!isStoredDType(dtype)) {
    return unreadableEntry(name, shape, dtype, length, `values of type ${dtype} are not read`);
  }
  const bytes = elements * storedDTypes[dtype].bytes;
  if (bytes !== length || parts.some(part => part.dtype !== dtype)) {
    const reason = `it needs ${bytes} bytes of ${dtype} and has ${length}`;
    return unreadableEntry(name, shape, dtype, bytes, reason);
  }
  const ranges = parts.map(part => partOf(source, part.start, part.length));
  const [only] = ranges;
  const whole = ranges.length === 1 && only ? only : concatenated(source.name, ranges);
  return denseEntry({ name, shape, stored: dtype, source: whole, offset: 0 });
}

/** A number of Python's (a step count): a tensor without dimensions. */
function numberEntry(name: string, value: number | bigint): TensorEntry {
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  const data = isInteger
    ? BigInt64Array.of(BigInt.asIntN(64, BigInt(value)))
    : Float64Array.of(value);
  const wide = typeof value === 'bigint' && value > 0x7fffffffffffffffn;
  return valueEntry(name, isInteger ? (wide ? 'uint64' : 'int64') : 'float64', data);
}

function valueEntry(name: string, stored: StoredDType, data: ArrayBufferView): TensorEntry {
  const source = bytesSource(name, new Uint8Array(data.buffer));
  return denseEntry({ name, shape: [], stored, source, offset: 0 });
}
