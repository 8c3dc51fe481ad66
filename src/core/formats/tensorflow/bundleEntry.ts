import { ProtobufCursor } from '../protobuf/cursor';

/** One tensor of a checkpoint, as its index row says. Source: tensorflow/core/protobuf/tensor_bundle.proto. */
export interface BundleEntry {
  /** Of tensorflow's DataType. */
  readonly dataType: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  /** Of the bytes (CRC-32C, masked): two keys of one variable have the same. */
  readonly checksum: number;
  /** Whether the tensor is cut over several rows, which partitioned variables are. */
  readonly sliced: boolean;
}

export interface BundleHeader {
  readonly shards: number;
  readonly bigEndian: boolean;
}

export function parseBundleHeader(value: Uint8Array): BundleHeader {
  const cursor = new ProtobufCursor(value);
  let shards = 0;
  let bigEndian = false;
  while (cursor.next()) {
    if (cursor.field === 1 && cursor.wire === 0) shards = cursor.varint();
    else if (cursor.field === 2 && cursor.wire === 0) bigEndian = cursor.varint() === 1;
    else cursor.skip();
  }
  return { shards, bigEndian };
}

export function parseBundleEntry(value: Uint8Array): BundleEntry {
  const cursor = new ProtobufCursor(value);
  const entry = {
    dataType: 0,
    shape: [] as number[],
    shard: 0,
    offset: 0,
    size: 0,
    checksum: 0,
    sliced: false,
  };
  while (cursor.next()) {
    if (cursor.field === 1 && cursor.wire === 0) entry.dataType = cursor.varint();
    else if (cursor.field === 2 && cursor.wire === 2) entry.shape = parseShape(cursor.message());
    else if (cursor.field === 3 && cursor.wire === 0) entry.shard = cursor.varint();
    else if (cursor.field === 4 && cursor.wire === 0) entry.offset = cursor.varint();
    else if (cursor.field === 5 && cursor.wire === 0) entry.size = cursor.varint();
    else if (cursor.field === 6 && cursor.wire === 5) entry.checksum = cursor.uint32();
    else {
      entry.sliced ||= cursor.field === 7;
      cursor.skip();
    }
  }
  return entry;
}

/** TensorShapeProto: repeated `dim`, each with a `size`. */
function parseShape(cursor: ProtobufCursor): number[] {
  const shape: number[] = [];
  while (cursor.next()) {
    if (cursor.field !== 2 || cursor.wire !== 2) {
      cursor.skip();
      continue;
    }
    const dimension = cursor.message();
    let size = 0;
    while (dimension.next()) {
      if (dimension.field === 1 && dimension.wire === 0) size = Number(dimension.int64());
      else dimension.skip();
    }
    shape.push(size);
  }
  return shape;
}
