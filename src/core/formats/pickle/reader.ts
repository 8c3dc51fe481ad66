import { ByteReader } from '../bytes';
import { decodeUtf8 } from '../decodeText';

/** Texts that are kept; a power of two. */
const slots = 1024;

/** Bytes of a text that is worth comparing. */
const mostBytes = 64;

/** Walks over a pickle. Most of its texts were met before: names of classes, of devices, of attributes. */
export class PickleReader extends ByteReader {
  private readonly known = new Array<string>(slots).fill('');

  override utf8(length: number): string {
    const start = this.take(length);
    return this.text(start, start + length);
  }

  /** The next two lines with the line feed between them, where they are short. */
  twoLines(): string | undefined {
    const start = this.at;
    const middle = this.bytes.indexOf(0x0a, start);
    const end = middle < 0 ? -1 : this.bytes.indexOf(0x0a, middle + 1);
    if (end < 0 || end - start > mostBytes) return undefined;
    this.skip(end - start + 1);
    return this.text(start, end);
  }

  private text(start: number, end: number): string {
    const { bytes, known } = this;
    if (end - start > mostBytes) return decodeUtf8(bytes.subarray(start, end));
    let hash = end - start;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    // Only ASCII is compared: there a byte is a character.
    if (all >= 0x80) return decodeUtf8(bytes.subarray(start, end));
    const slot = (hash ^ (hash >>> 10)) & (slots - 1);
    if (isText(known[slot] as string, bytes, start, end)) return known[slot] as string;
    return (known[slot] = decodeUtf8(bytes.subarray(start, end)));
  }
}

function isText(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}
