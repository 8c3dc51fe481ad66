import { malformed } from '../malformed';
import type { WindowedBytes } from '../windowedBytes';
import { wire } from './cursor';

/** Where a length-delimited field is in the file. */
export interface FieldRange {
  readonly start: number;
  readonly length: number;
}

/** A field of a message in a file: a small number's value, or where the bytes are. */
export interface LazyField extends FieldRange {
  readonly field: number;
  readonly wire: number;
  /** Of a varint; 0 for others. */
  readonly value: number;
}

/** The longest tag and length: two varints. */
const headBytes = 20;

/**
 * Walks the fields of a message that lies in a file, reading their heads only, so that a tensor of
 * gigabytes costs a few bytes. Calls `visit` for each, in order.
 * @throws BadFile where a field goes over the message's end
 */
export async function walkMessage(
  bytes: WindowedBytes,
  range: FieldRange,
  visit: (field: LazyField) => Promise<void> | void,
): Promise<void> {
  const end = range.start + range.length;
  let position = range.start;
  while (position < end) {
    const head = await bytes.read(position, Math.min(headBytes, end - position));
    const field = readField(head, position, end);
    const visited = visit(field);
    if (visited) await visited;
    position = field.start + field.length;
  }
}

function readField(head: Uint8Array, position: number, end: number): LazyField {
  const tag = varint(head, 0);
  const field = Math.floor(tag.value / 8);
  const type = tag.value % 8;
  if (field === 0) malformed(`the protobuf field at byte ${position} has number 0`);
  const at = position + tag.next;
  switch (type) {
    case wire.varint: {
      const { value, next } = varint(head, tag.next);
      return { field, wire: type, value, start: at, length: next - tag.next };
    }
    case wire.fixed64:
      return within({ field, wire: type, value: 0, start: at, length: 8 }, end);
    case wire.fixed32:
      return within({ field, wire: type, value: 0, start: at, length: 4 }, end);
    case wire.bytes: {
      const { value: length, next } = varint(head, tag.next);
      return within({ field, wire: type, value: 0, start: position + next, length }, end);
    }
    default:
      return malformed(`the protobuf field at byte ${position} has the unknown wire type ${type}`);
  }
}

function within(field: LazyField, end: number): LazyField {
  if (field.start + field.length > end) {
    malformed(
      `the protobuf field at byte ${field.start} says it has ${field.length} bytes where ${Math.max(0, end - field.start)} are left`,
    );
  }
  return field;
}

function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  let scale = 1;
  for (let i = at; i < Math.min(bytes.length, at + 10); i++) {
    const byte = bytes[i] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: i + 1 };
    scale *= 128;
  }
  return malformed('a protobuf number ends within a field, or has more than ten bytes');
}

/** Bytes a name may have. */
const nameLimit = 1 << 16;

/** A field that is a name or holds some: refused where it is too long, before it is read. */
export function readNames(bytes: WindowedBytes, range: FieldRange): Promise<Uint8Array> {
  if (range.length > nameLimit) malformed(`a name has ${range.length} bytes`);
  return readRange(bytes, range);
}

export function readRange(
  bytes: WindowedBytes,
  { start, length }: FieldRange,
): Promise<Uint8Array> {
  return bytes.read(start, length);
}
