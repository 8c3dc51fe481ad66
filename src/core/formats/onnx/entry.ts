import { storedDTypes, type StoredDType } from '../../tensor/storedDType';
import { BadFile } from '../badFile';
import { bytesSource, readBytes, type ByteSource } from '../byteSource';
import type { TensorEntry } from '../catalog';
import { denseEntry, unreadableEntry } from '../denseEntry';
import { malformed } from '../malformed';
import { ProtobufCursor } from '../protobuf/cursor';
import type { FieldRange } from '../protobuf/lazyMessage';
import { checkShape } from '../shapes';
import { dataTypeName, storedDataType } from './dataTypes';
import type { OnnxTensor } from './tensorProto';

/** Files of external data of one model. */
const fileLimit = 1000;

/** Makes entries of a model's tensors, and opens each file of external data once. */
export class OnnxEntries {
  private readonly files = new Map<string, ByteSource | string>();

  constructor(
    private readonly model: ByteSource,
    private readonly signal: AbortSignal,
  ) {}

  async describe(tensor: OnnxTensor, name: string): Promise<TensorEntry> {
    const { shape, dataType, values } = tensor;
    const stored = storedDataType(dataType);
    const dtype = dataTypeName(dataType);
    const elements = checkShape(shape, name);
    if (stored === undefined) {
      return unreadableEntry(name, shape, dtype, 0, `values of type ${dtype} are not read`);
    }
    const bytes = elements * storedDTypes[stored].bytes;
    switch (values.kind) {
      case 'segment':
        return unreadableEntry(name, shape, dtype, bytes, 'it is one segment of a tensor');
      case 'bytes':
        return this.inside(name, tensor, stored, values.range, bytes);
      case 'varints':
        return varintEntry(name, tensor, stored, this.model, values.ranges);
      case 'external':
        return this.external(name, tensor, stored, values.keys, bytes);
    }
  }

  private inside(
    name: string,
    { shape }: OnnxTensor,
    stored: StoredDType,
    { start, length }: FieldRange,
    bytes: number,
  ): TensorEntry {
    if (length !== bytes) {
      const reason = `it needs ${bytes} bytes and has ${length}`;
      return unreadableEntry(name, shape, stored, bytes, reason);
    }
    return denseEntry({ name, shape, stored, source: this.model, offset: start });
  }

  private async external(
    name: string,
    { shape }: OnnxTensor,
    stored: StoredDType,
    keys: ReadonlyMap<string, string>,
    bytes: number,
  ): Promise<TensorEntry> {
    const location = keys.get('location') ?? '';
    const file = await this.open(location);
    if (typeof file === 'string') return unreadableEntry(name, shape, stored, bytes, file);
    const offset = Number(keys.get('offset') ?? 0);
    const length = Number(keys.get('length') ?? bytes);
    const whole = Number.isSafeInteger(offset) && offset >= 0 && length === bytes;
    if (!whole || offset + bytes > file.size) {
      const reason = `it should be ${bytes} bytes at byte ${keys.get('offset') ?? 0} of ${location}, which has ${file.size}`;
      return unreadableEntry(name, shape, stored, bytes, reason);
    }
    return denseEntry({ name, shape, stored, source: file, offset });
  }

  /** The file, or why it was not opened: the model's other tensors can be read all the same. */
  private async open(location: string): Promise<ByteSource | string> {
    const known = this.files.get(location);
    if (known !== undefined) return known;
    if (this.files.size >= fileLimit) malformed(`its data are in more than ${fileLimit} files`);
    const opened = await this.tryOpen(location);
    this.files.set(location, opened);
    return opened;
  }

  private async tryOpen(location: string): Promise<ByteSource | string> {
    try {
      return await this.model.sibling(location, this.signal);
    } catch (error) {
      if (error instanceof BadFile && error.code !== 'cancelled') return error.message;
      throw error;
    }
  }
}

/**
 * Values stored as varints, one each: 16-bit floats by their bits, integers and booleans by value.
 * They are small in practice, and are read whole.
 */
function varintEntry(
  name: string,
  { shape }: OnnxTensor,
  stored: StoredDType,
  model: ByteSource,
  ranges: readonly FieldRange[],
): TensorEntry {
  const elements = checkShape(shape, name);
  const info = storedDTypes[stored];
  const held = ranges.reduce((sum, { length }) => sum + length, 0);
  if (elements > held) {
    malformed(`the tensor ${JSON.stringify(name)} has ${elements} elements in ${held} bytes`);
  }
  const source = async (signal: AbortSignal): Promise<ByteSource> => {
    const bytes = new Uint8Array(elements * info.bytes);
    const view = new DataView(bytes.buffer);
    let at = 0;
    for (const { start, length } of ranges) {
      const cursor = new ProtobufCursor(await readBytes(model, start, length, signal));
      at = cursor.storeVarints(view, at, info.word);
    }
    if (at !== bytes.length) malformed(`${JSON.stringify(name)} has fewer values than its shape`);
    return bytesSource(name, bytes);
  };
  return denseEntry({ name, shape, stored, source, offset: 0 });
}
