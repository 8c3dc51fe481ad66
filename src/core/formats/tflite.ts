import { isStoredDType, storedDTypes } from '../tensor/storedDType';
import type { ByteSource } from './byteSource';
import type { TensorEntry } from './catalog';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { pagedBytes } from './pagedBytes';
import { checkShape } from './shapes';
import { readTfliteTensors, type TfliteTensor } from './tflite/tensors';
import { UniqueNames } from './uniqueNames';

/** By TensorType. Source: tensorflow/lite/schema/schema.fbs. */
const types: readonly string[] = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
  'float64',
  'complex128',
  'uint64',
  'resource',
  'variant',
  'uint32',
  'uint16',
  'int4',
  'bfloat16',
];

/** TensorFlow Lite models: their constants. */
export const tflite: Format = {
  id: 'tflite',
  name: 'TensorFlow Lite model',
  extensions: ['.tflite'],
  sniff: head => [0x54, 0x46, 0x4c, 0x33].every((byte, i) => head[4 + i] === byte),
  async open(source, _services, signal) {
    const tensors = await readTfliteTensors(pagedBytes(source, signal));
    const names = new UniqueNames();
    return {
      format: tflite.id,
      entries: tensors.map(tensor => describe(source, tensor, names.take(tensor.name))),
      hints: [],
      notes: [foldedNote],
    };
  },
};

const foldedNote =
  'TensorFlow Lite folds batch norm into the convolution before it: there is no layer to inspect.';

function describe(source: ByteSource, tensor: TfliteTensor, name: string): TensorEntry {
  const { shape, offset, bytes } = tensor;
  const dtype = types[tensor.type] ?? `type ${tensor.type}`;
  const elements = checkShape(shape, name);
  if (!isStoredDType(dtype)) {
    return unreadableEntry(name, shape, dtype, bytes, `values of type ${dtype} are not read`);
  }
  const needed = elements * storedDTypes[dtype].bytes;
  if (needed !== bytes || offset + bytes > source.size) {
    const reason = `it needs ${needed} bytes and has ${Math.min(bytes, Math.max(0, source.size - offset))}`;
    return unreadableEntry(name, shape, dtype, bytes, reason);
  }
  return denseEntry({ name, shape, stored: dtype, source, offset });
}
