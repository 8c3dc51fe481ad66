import { storedDTypes } from '../../tensor/storedDType';
import { sizeOf } from '../../tensor/shape';
import type { TensorData } from '../../tensor/tensor';
import { BadFile, refuse } from '../badFile';
import { bytesSource, type ByteSource } from '../byteSource';
import type { EntryRead, EntryValues, TensorEntry } from '../catalog';
import { columnMajorStrides, denseEntry, unreadableEntry } from '../denseEntry';
import { npyDType } from '../npyHeader';
import { checkShape } from '../shapes';
import { fromLatin1 } from './arguments';
import { dequantised } from '../tfjs/dequantised';
import {
  torchDTypes,
  type PickledArray,
  type PickledTensor,
  type StridedTensor,
} from './pickledTensor';

/** Where the storages of a checkpoint are. */
export interface Storages {
  /** Bytes of one, or why it cannot be had. */
  readonly find: (key: string) => StoragePlace | string;
  readonly littleEndian: boolean;
}

export interface StoragePlace {
  readonly size: number;
  readonly open: (signal: AbortSignal) => Promise<ByteSource>;
  /** Whether opening it costs nothing: it is not compressed. */
  readonly ranges: boolean;
}

/** Makes entries of tensors; one that is damaged leaves the others readable. */
export function describeTensors(
  tensors: ReadonlyMap<string, PickledTensor>,
  storages: Storages,
): TensorEntry[] {
  return [...tensors].map(([name, tensor]) => {
    try {
      return describe(name, tensor, storages);
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      const dtype = tensor.kind === 'array' ? tensor.descr : tensor.dtype;
      return unreadableEntry(name, [], dtype, 0, error.message.replace(/\.$/, ''));
    }
  });
}

function describe(name: string, tensor: PickledTensor, storages: Storages): TensorEntry {
  switch (tensor.kind) {
    case 'strided':
      return describeStrided(name, tensor, storages);
    case 'array':
      return describeArray(name, tensor);
    case 'other':
      return unreadableEntry(name, tensor.shape, tensor.dtype, 0, tensor.reason);
  }
}

function describeStrided(name: string, tensor: StridedTensor, storages: Storages): TensorEntry {
  const { shape, strides, dtype, offset, storage } = tensor;
  const elements = checkShape(shape, name);
  const stored = torchDTypes.get(dtype);
  if (stored === undefined) {
    return unreadableEntry(name, shape, dtype, 0, `its dtype ${dtype} is not one that can be read`);
  }
  const info = storedDTypes[stored];
  const bytes = elements * info.bytes;
  const place = storages.find(storage.key);
  if (typeof place === 'string') return unreadableEntry(name, shape, dtype, bytes, place);
  checkStorage(tensor, info.bytes, place);
  // An empty storage may have no bytes anywhere.
  const empty = elements === 0;
  const entry = denseEntry({
    name,
    shape,
    stored,
    dtype,
    source: empty ? bytesSource('', new Uint8Array()) : place.open,
    ranges: empty || place.ranges,
    offset: offset * info.bytes,
    littleEndian: storages.littleEndian,
    strides,
  });
  const plain = tensor.conjugate || tensor.negative ? signed(entry, tensor) : entry;
  if (!tensor.quantised) return plain;
  // torch multiplies in float32; these products and their sum are exact in doubles, and rounded once.
  const scale = Math.fround(tensor.quantised.scale);
  return dequantised(plain, { scale, min: -tensor.quantised.zeroPoint * scale }, 'float32');
}

/** What is too short is known without opening it. @param width bytes of an element */
function checkStorage(
  { shape, strides, offset }: StridedTensor,
  width: number,
  { size }: StoragePlace,
): void {
  let last = offset;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] === 0) return;
    last += ((shape[axis] as number) - 1) * (strides[axis] ?? 0);
  }
  const needed = (last + 1) * width;
  if (!(needed <= size)) {
    throw new BadFile(
      'storage-too-short',
      `it needs ${needed} bytes of a storage that has ${size}`,
    );
  }
}

/** Values that are stored without a sign that lazy views of torch give them. */
function signed(entry: TensorEntry, { conjugate, negative }: StridedTensor): TensorEntry {
  const { content } = entry;
  if (content.kind === 'unreadable') return entry;
  const { numbers } = content;
  const read = async (request: EntryRead): Promise<EntryValues> => {
    const values = await content.read(request);
    const count = request.range?.count ?? sizeOf(entry.shape);
    if (negative) negate(values.data, 0, 1, count * numbers);
    if (conjugate && numbers === 2) negate(values.data, 1, 2, count * numbers);
    return values;
  };
  return { ...entry, content: { ...content, read } };
}

function negate(data: TensorData, first: number, step: number, end: number): void {
  for (let i = first; i < end; i += step) data[i] = -(data[i] as number);
}

function describeArray(
  name: string,
  { descr, shape, fortranOrder, bytes }: PickledArray,
): TensorEntry {
  const dtype = npyDType(descr);
  const elements = checkShape(shape, name);
  if (dtype.kind === 'unreadable') {
    return unreadableEntry(name, shape, descr, elements * dtype.bytes, dtype.reason);
  }
  const needed = elements * storedDTypes[dtype.stored].bytes;
  if (bytes.length < needed) {
    refuse('array-too-short', `it needs ${needed} bytes and has ${bytes.length}.`);
  }
  return denseEntry({
    name,
    shape,
    stored: dtype.stored,
    source:
      typeof bytes === 'string'
        ? () => Promise.resolve(bytesSource(name, fromLatin1(bytes)))
        : bytesSource(name, bytes),
    offset: 0,
    littleEndian: dtype.littleEndian,
    ...(fortranOrder && { strides: columnMajorStrides(shape) }),
  });
}
