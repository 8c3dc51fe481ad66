import { mostNameLength, mostNamesLength } from '../limits';
import { malformed } from '../malformed';
import { decodeUtf8 } from '../decodeText';

/**
 * LevelDB's sorted string table, as TensorFlow's checkpoint index is one: blocks of sorted keys that
 * share prefixes, an index block that says where they are, and a footer of 48 bytes.
 * Source: google/leveldb doc/table_format.md; TensorFlow tsl/lib/io/format.h.
 */
export const footerBytes = 48;

/** Where a block is; a trailer of 5 bytes (compression, checksum) follows it. */
export interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

export const trailerBytes = 5;

export interface TableRow {
  readonly key: string;
  readonly value: Uint8Array;
}

const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

/** @param footer the last 48 bytes of the file */
export function hasTableMagic(footer: Uint8Array): boolean {
  const start = footer.length - magic.length;
  return start >= 0 && magic.every((byte, i) => footer[start + i] === byte);
}

/** @returns where the index block is */
export function parseFooter(footer: Uint8Array): BlockHandle {
  const reader = new VarintReader(footer);
  reader.number();
  reader.number();
  return { offset: reader.number(), size: reader.number() };
}

/** The handle that a row of the index block holds. */
export function parseHandle(value: Uint8Array): BlockHandle {
  const reader = new VarintReader(value);
  return { offset: reader.number(), size: reader.number() };
}

/** @param block without its trailer, and no longer compressed */
export function parseBlock(block: Uint8Array): TableRow[] {
  if (block.length < 4) malformed('a block of the table is shorter than 4 bytes');
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = view.getUint32(block.length - 4, true);
  const end = block.length - 4 - restarts * 4;
  if (end < 0) malformed(`a block of ${block.length} bytes says it has ${restarts} restart points`);
  const reader = new VarintReader(block.subarray(0, end));
  const rows: TableRow[] = [];
  let key = new Uint8Array(0);
  let keys = 0;
  while (!reader.atEnd()) {
    const shared = reader.number();
    const added = reader.number();
    const valueLength = reader.number();
    if (shared > key.length) malformed('a key of the table shares more than its neighbour has');
    // A key of three bytes may repeat one of a megabyte.
    keys += shared + added;
    if (keys > mostNamesLength || shared + added > mostNameLength)
      malformed('the keys of the table are too long');
    const next = new Uint8Array(shared + reader.limit(added));
    next.set(key.subarray(0, shared));
    next.set(reader.take(added), shared);
    key = next;
    rows.push({ key: decodeUtf8(key), value: reader.take(valueLength) });
  }
  return rows;
}

/** LEB128 numbers and byte runs, each checked against the end. */
class VarintReader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.atEnd()) malformed('the table ends within a number');
      const byte = this.bytes[this.position++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return malformed('a number of the table has more than ten bytes');
  }

  /** The length, where so many bytes are left. */
  limit(length: number): number {
    const left = this.bytes.length - this.position;
    if (length > left) malformed(`the table says ${length} bytes follow where ${left} are left`);
    return length;
  }

  take(length: number): Uint8Array {
    const start = this.position;
    this.position += this.limit(length);
    return this.bytes.subarray(start, this.position);
  }
}
