import { mostNameLength } from '../limits';
import { malformed } from '../malformed';
import type { WindowedBytes } from '../windowedBytes';
import { decodeUtf8 } from '../decodeText';

/** One value of msgpack, or the head of one: what follows a head is read by `next`, or skipped. */
export type MsgpackToken =
  | { readonly kind: 'map' | 'list'; readonly count: number }
  | { readonly kind: 'number'; readonly value: number | bigint }
  /** Text or bytes: the position is at their start. */
  | { readonly kind: 'bytes'; readonly start: number; readonly length: number }
  | {
      readonly kind: 'extension';
      readonly type: number;
      readonly start: number;
      readonly length: number;
    }
  /** nil, true, false. */
  | { readonly kind: 'other' };

const lengthBytes = [1, 2, 4] as const;

/**
 * Reads values of msgpack one after another. Counts and lengths are checked against what is left of the
 * file. Source: https://github.com/msgpack/msgpack/blob/master/spec.md.
 */
export class MsgpackReader {
  position = 0;

  constructor(private readonly bytes: WindowedBytes) {}

  async next(): Promise<MsgpackToken> {
    const code = (await this.take(1)).getUint8(0);
    if (code <= 0x7f) return { kind: 'number', value: code };
    if (code >= 0xe0) return { kind: 'number', value: code - 256 };
    if (code <= 0x8f) return this.container('map', code & 0x0f);
    if (code <= 0x9f) return this.container('list', code & 0x0f);
    if (code <= 0xbf) return this.run(code & 0x1f);
    if (code >= 0xca && code <= 0xd3) return { kind: 'number', value: await this.number(code) };
    switch (code) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return { kind: 'other' };
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.run(await this.length(code - 0xc4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(await this.length(code - 0xc7));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(2 ** (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.run(await this.length(code - 0xd9));
      case 0xdc:
      case 0xdd:
        return this.container('list', await this.length(code - 0xdc + 1));
      case 0xde:
      case 0xdf:
        return this.container('map', await this.length(code - 0xde + 1));
      default:
        return malformed(
          `it has the byte ${code} at ${this.position - 1}, which msgpack never has`,
        );
    }
  }

  /** A text, or a number as one: names of members. */
  async key(): Promise<string> {
    const token = await this.next();
    if (token.kind === 'number') return String(token.value);
    if (token.kind !== 'bytes') return malformed(`a name at byte ${this.position} is no text`);
    if (token.length > mostNameLength) malformed(`a name has ${token.length} bytes`);
    const { buffer, byteOffset, byteLength } = await this.take(token.length);
    return decodeUtf8(new Uint8Array(buffer, byteOffset, byteLength));
  }

  private container(kind: 'map' | 'list', count: number): MsgpackToken {
    // A member has a byte at least.
    if (count > this.left) malformed(`it says that ${count} values follow in ${this.left} bytes`);
    return { kind, count };
  }

  /** Text and bytes alike: which of the two says nothing about whether it is a name. */
  private run(length: number): MsgpackToken {
    this.check(length);
    return { kind: 'bytes', start: this.position, length };
  }

  private async extension(length: number): Promise<MsgpackToken> {
    const type = (await this.take(1)).getInt8(0);
    this.check(length);
    return { kind: 'extension', type, start: this.position, length };
  }

  /** @param power 0, 1 and 2 for lengths of 1, 2 and 4 bytes */
  private async length(power: number): Promise<number> {
    const width = lengthBytes[power] ?? 4;
    const view = await this.take(width);
    if (width === 1) return view.getUint8(0);
    return width === 2 ? view.getUint16(0) : view.getUint32(0);
  }

  private async number(code: number): Promise<number | bigint> {
    const width = code === 0xca ? 4 : code === 0xcb ? 8 : 2 ** ((code - 0xcc) % 4);
    const view = await this.take(width);
    switch (code) {
      case 0xca:
        return view.getFloat32(0);
      case 0xcb:
        return view.getFloat64(0);
      case 0xcc:
        return view.getUint8(0);
      case 0xcd:
        return view.getUint16(0);
      case 0xce:
        return view.getUint32(0);
      case 0xcf:
        return view.getBigUint64(0);
      case 0xd0:
        return view.getInt8(0);
      case 0xd1:
        return view.getInt16(0);
      case 0xd2:
        return view.getInt32(0);
      default:
        return view.getBigInt64(0);
    }
  }

  private get left(): number {
    return this.bytes.size - this.position;
  }

  private check(length: number): void {
    if (length > this.left) {
      malformed(`${length} bytes should follow byte ${this.position}, and ${this.left} are left`);
    }
  }

  private async take(length: number): Promise<DataView> {
    this.check(length);
    const read = await this.bytes.read(this.position, length);
    this.position += length;
    return new DataView(read.buffer, read.byteOffset, length);
  }
}
