import { refuse } from './badFile';
import { decodeLatin1, decodeUtf8 } from './decodeText';

/** Walks over bytes in memory, little-endian, and refuses to leave them. */
export class ByteReader {
  private readonly view: DataView;
  /** Where the next read starts, in bytes. */
  at: number;

  /** @param base what the first byte's position in the file is, for messages */
  constructor(
    protected readonly bytes: Uint8Array,
    at = 0,
    private readonly base = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  /** Where the next read starts in the file. */
  get position(): number {
    return this.base + this.at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.bytes[this.take(1)] as number;
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  f32(): number {
    return this.view.getFloat32(this.take(4), true);
  }

  f64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  f64BigEndian(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** An unsigned 64-bit size or offset; refuses one that a number does not hold exactly. */
  size64(): number {
    const at = this.take(8);
    const upper = this.view.getUint32(at + 4, true);
    if (upper >= 2 ** 21) {
      const value = this.view.getBigUint64(at, true);
      refuse('size-invalid', `the size ${value} at byte ${this.base + at} is impossible.`);
    }
    // Without bigints: archives have thousands of these.
    return upper * 2 ** 32 + this.view.getUint32(at, true);
  }

  i64(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }

  /** The next bytes, without a copy. */
  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  utf8(length: number): string {
    return decodeUtf8(this.slice(length));
  }

  /** Latin-1 text up to a line feed, which is taken too. */
  line(most: number): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    const length = (end < 0 ? this.bytes.length : end) - this.at;
    if (length > most) refuse('line-too-long', `a line at byte ${this.position} has no end.`);
    const text = decodeLatin1(this.slice(length));
    this.skip(1);
    return text;
  }

  skip(length: number): void {
    this.take(length);
  }

  /** Moves over bytes. @returns where they start */
  protected take(length: number): number {
    if (!(length >= 0 && length <= this.left)) {
      refuse(
        'cut-short',
        `${length} bytes are needed at byte ${this.position}, and ${this.left} are left: it is cut short or damaged.`,
      );
    }
    const start = this.at;
    this.at += length;
    return start;
  }
}
