import { mostNameLength } from '../limits';
import { malformed } from '../malformed';
import type { WindowedBytes } from '../windowedBytes';
import { decodeUtf8 } from '../decodeText';

/**
 * Reads tables of a FlatBuffer that lies in a file; offsets that leave it are refused.
 * Source: flatbuffers internals, https://flatbuffers.dev/internals.
 */
export class Flatbuffer {
  constructor(private readonly bytes: WindowedBytes) {}

  root(): Promise<number> {
    return this.follow(0);
  }

  /** Where a field of a table is, or undefined where the table leaves it out. */
  async field(table: number, index: number): Promise<number | undefined> {
    const vtable = table - (await this.view(table, 4)).getInt32(0, true);
    const slot = 4 + index * 2;
    if (slot + 2 > (await this.uint16(vtable))) return undefined;
    const offset = await this.uint16(vtable + slot);
    return offset === 0 ? undefined : table + offset;
  }

  async uint8(at: number): Promise<number> {
    return (await this.view(at, 1)).getUint8(0);
  }

  async uint32(at: number): Promise<number> {
    return (await this.view(at, 4)).getUint32(0, true);
  }

  async int32(at: number): Promise<number> {
    return (await this.view(at, 4)).getInt32(0, true);
  }

  async uint64(at: number): Promise<number> {
    return Number((await this.view(at, 8)).getBigUint64(0, true));
  }

  /** The table, vector or text that an offset points to. */
  async follow(at: number): Promise<number> {
    return at + (await this.uint32(at));
  }

  /** Where the elements of a vector start, and how many there are. @param most elements */
  async vector(
    at: number,
    most: number,
  ): Promise<{ readonly start: number; readonly length: number }> {
    const vector = await this.follow(at);
    const length = await this.uint32(vector);
    if (length > most) malformed(`a list in it has ${length} elements`);
    return { start: vector + 4, length };
  }

  async text(at: number): Promise<string> {
    const { start, length } = await this.vector(at, mostNameLength);
    const { buffer, byteOffset } = await this.view(start, length);
    return decodeUtf8(new Uint8Array(buffer, byteOffset, length));
  }

  private async uint16(at: number): Promise<number> {
    return (await this.view(at, 2)).getUint16(0, true);
  }

  private async view(at: number, length: number): Promise<DataView> {
    if (at < 0 || at + length > this.bytes.size) {
      malformed(`an offset points to byte ${at} of ${this.bytes.size}`);
    }
    const read = await this.bytes.read(at, length);
    return new DataView(read.buffer, read.byteOffset, length);
  }
}
