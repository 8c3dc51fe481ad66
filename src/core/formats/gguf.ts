import { storedDTypes } from '../tensor/storedDType';
import type { ByteSource } from './byteSource';
import type { TensorEntry } from './catalog';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { readGgufHeader, type GgufTensor } from './gguf/header';
import { ggmlTypes } from './gguf/types';
import { checkShape } from './shapes';
import { UniqueNames } from './uniqueNames';
import { windowedBytes } from './windowedBytes';

/** GGUF: language models for ggml. Quantised tensors are listed, plain ones can be read. Source: ggml docs/gguf.md. */
export const gguf: Format = {
  id: 'gguf',
  name: 'GGUF model',
  extensions: ['.gguf'],
  sniff: head => [0x47, 0x47, 0x55, 0x46].every((byte, i) => head[i] === byte),
  async open(source, _services, signal) {
    const tensors = await readGgufHeader(windowedBytes(source, signal));
    const names = new UniqueNames();
    return {
      format: gguf.id,
      entries: tensors.map(tensor => describe(source, tensor, names.take(tensor.name))),
      hints: [],
      notes: [noLayersNote],
    };
  },
};

const noLayersNote = 'The models that GGUF is made for have no batch norm.';

function describe(source: ByteSource, tensor: GgufTensor, name: string): TensorEntry {
  const { shape, offset } = tensor;
  const type = ggmlTypes.get(tensor.type);
  const elements = checkShape(shape, name);
  if (type === undefined) {
    const dtype = `ggml type ${tensor.type}`;
    return unreadableEntry(name, shape, dtype, 0, `values of ${dtype} are not read`);
  }
  if (type.kind === 'blocks') {
    const bytes = Math.ceil(elements / type.elements) * type.bytes;
    const reason = `it is quantised in blocks (${type.name}), which are only listed`;
    return unreadableEntry(name, shape, type.name, bytes, reason);
  }
  const bytes = elements * storedDTypes[type.stored].bytes;
  if (!(offset + bytes <= source.size)) {
    const reason = `it should be at byte ${offset} of ${source.size}: the file is cut short`;
    return unreadableEntry(name, shape, type.stored, bytes, reason);
  }
  return denseEntry({ name, shape, stored: type.stored, source, offset });
}
