import { malformed } from '../malformed';
import { decodeUtf8 } from '../decodeText';

/** How a field is laid out, as its tag says. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Walks the fields of one protobuf message that is in memory. Every length is checked against the
 * message's end, so that a lying one is refused and never reads a neighbour.
 * Source: protobuf encoding guide, https://protobuf.dev/programming-guides/encoding.
 */
export class ProtobufCursor {
  /** Number of the field that `next` stopped at. */
  field = 0;
  /** Its wire type. */
  wire = 0;

  private position: number;

  constructor(
    private readonly bytes: Uint8Array,
    start = 0,
    private readonly end = bytes.length,
  ) {
    this.position = start;
  }

  /** Goes to the next field; false at the end of the message. The field must be read or skipped. */
  next(): boolean {
    if (this.position >= this.end) return false;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (this.field === 0) malformed('a protobuf field has number 0');
    return true;
  }

  /** A varint as a number; inexact above 2^53, where only a length or an id that is wrong anyway can be. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return malformed('a protobuf number has more than ten bytes');
  }

  /** A varint of type int64, exact and signed. */
  int64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    return malformed('a protobuf number has more than ten bytes');
  }

  /** The bytes of a length-delimited field; not copied. */
  payload(): Uint8Array {
    const length = this.varint();
    if (length > this.end - this.position) {
      malformed(
        `a protobuf field says it has ${length} bytes where ${this.end - this.position} are left`,
      );
    }
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }

  message(): ProtobufCursor {
    return new ProtobufCursor(this.payload());
  }

  text(): string {
    return decodeUtf8(this.payload());
  }

  float(): number {
    return this.view(4).getFloat32(0, true);
  }

  uint32(): number {
    return this.view(4).getUint32(0, true);
  }

  skip(): void {
    switch (this.wire) {
      case wire.varint:
        this.varint();
        return;
      case wire.fixed64:
        this.view(8);
        return;
      case wire.bytes:
        this.payload();
        return;
      case wire.fixed32:
        this.view(4);
        return;
      default:
        malformed(`a protobuf field has the unknown wire type ${this.wire}`);
    }
  }

  /** All the rest, as numbers one after another: the payload of a packed field. */
  packed(into: number[]): void {
    while (this.position < this.end) into.push(Number(this.int64()));
  }

  /**
   * Stores the rest, varint by varint, as little-endian integers of `width` bytes.
   * @returns the byte after the last; never past the view's end
   */
  storeVarints(into: DataView, start: number, width: 1 | 2 | 4 | 8): number {
    let at = start;
    while (this.position < this.end && at < into.byteLength) {
      const value = this.int64();
      if (width === 1) into.setUint8(at, Number(BigInt.asUintN(8, value)));
      else if (width === 2) into.setUint16(at, Number(BigInt.asUintN(16, value)), true);
      else if (width === 4) into.setUint32(at, Number(BigInt.asUintN(32, value)), true);
      else into.setBigInt64(at, value, true);
      at += width;
    }
    return at;
  }

  private byte(): number {
    if (this.position >= this.end) malformed('a protobuf message ends within a field');
    return this.bytes[this.position++] as number;
  }

  private view(length: number): DataView {
    if (length > this.end - this.position) malformed('a protobuf message ends within a field');
    const { buffer, byteOffset } = this.bytes;
    const view = new DataView(buffer, byteOffset + this.position, length);
    this.position += length;
    return view;
  }
}
