import { malformed } from '../malformed';
import { ProtobufCursor, wire } from '../protobuf/cursor';
import {
  readNames,
  readRange,
  walkMessage,
  type FieldRange,
  type LazyField,
} from '../protobuf/lazyMessage';
import type { WindowedBytes } from '../windowedBytes';
import { decodeUtf8 } from '../decodeText';

/** A TensorProto as far as it is needed to list it and to find its values. Source: onnx.proto3. */
export interface OnnxTensor {
  readonly name: string;
  /** Of TensorProto.DataType. */
  readonly dataType: number;
  readonly shape: readonly number[];
  readonly values: OnnxValues;
}

export type OnnxValues =
  /** Little-endian elements, as one run of bytes (`raw_data`, `float_data`, `double_data`). */
  | { readonly kind: 'bytes'; readonly range: FieldRange }
  /** Varints, one an element, in one run or more (`int32_data`, `int64_data`, `uint64_data`). */
  | { readonly kind: 'varints'; readonly ranges: readonly FieldRange[] }
  /** In another file of the model's folder. */
  | { readonly kind: 'external'; readonly keys: ReadonlyMap<string, string> }
  /** One part of a tensor that is cut over several messages, which nothing writes. */
  | { readonly kind: 'segment' };

interface Draft {
  name: string;
  dataType: number;
  shape: number[];
  raw: FieldRange | undefined;
  fixed: FieldRange[];
  varints: FieldRange[];
  keys: Map<string, string>;
  external: boolean;
  segment: boolean;
}

/** Numbers of TensorProto's fields. */
const fields = {
  dims: 1,
  dataType: 2,
  segment: 3,
  floatData: 4,
  int32Data: 5,
  int64Data: 7,
  name: 8,
  rawData: 9,
  doubleData: 10,
  uint64Data: 11,
  externalData: 13,
  dataLocation: 14,
} as const;

/** @throws BadFile where the message is none, or its payloads contradict one another */
export async function readTensorProto(
  bytes: WindowedBytes,
  range: FieldRange,
): Promise<OnnxTensor> {
  const draft: Draft = {
    name: '',
    dataType: 0,
    shape: [],
    raw: undefined,
    fixed: [],
    varints: [],
    keys: new Map(),
    external: false,
    segment: false,
  };
  await walkMessage(bytes, range, field => takeField(bytes, field, draft));
  const { name, dataType, shape } = draft;
  return { name, dataType, shape, values: findValues(draft) };
}

async function takeField(bytes: WindowedBytes, field: LazyField, draft: Draft): Promise<void> {
  switch (field.field) {
    case fields.dims:
      await addDimensions(bytes, field, draft.shape);
      return;
    case fields.dataType:
      draft.dataType = field.value;
      return;
    case fields.segment:
      draft.segment = true;
      return;
    case fields.floatData:
    case fields.doubleData:
      draft.fixed.push(field);
      return;
    case fields.int32Data:
    case fields.int64Data:
    case fields.uint64Data:
      draft.varints.push(field);
      return;
    case fields.name:
      draft.name = decodeUtf8(await readNames(bytes, field));
      return;
    case fields.rawData:
      draft.raw = field;
      return;
    case fields.externalData:
      addExternalKey(await readNames(bytes, field), draft.keys);
      return;
    case fields.dataLocation:
      draft.external = field.value === 1;
      return;
    default:
  }
}

async function addDimensions(
  bytes: WindowedBytes,
  field: LazyField,
  shape: number[],
): Promise<void> {
  if (shape.length > 64) malformed('a tensor has more than 64 dimensions');
  if (field.wire === wire.varint) {
    shape.push(field.value);
    return;
  }
  if (field.length > 640) malformed('a tensor has more than 64 dimensions');
  const cursor = new ProtobufCursor(await readRange(bytes, field));
  cursor.packed(shape);
}

function findValues({ raw, fixed, varints, keys, external, segment }: Draft): OnnxValues {
  if (segment) return { kind: 'segment' };
  if (external) return { kind: 'external', keys };
  if (raw) return { kind: 'bytes', range: raw };
  if (varints.length > 0) return { kind: 'varints', ranges: varints };
  if (fixed.length > 1) malformed('float values are not in one run');
  return { kind: 'bytes', range: fixed[0] ?? { start: 0, length: 0 } };
}

/** StringStringEntryProto: key 1, value 2. */
function addExternalKey(entry: Uint8Array, keys: Map<string, string>): void {
  const cursor = new ProtobufCursor(entry);
  let key = '';
  let value = '';
  while (cursor.next()) {
    if (cursor.field === 1 && cursor.wire === wire.bytes) key = cursor.text();
    else if (cursor.field === 2 && cursor.wire === wire.bytes) value = cursor.text();
    else cursor.skip();
  }
  keys.set(key, value);
}
