import { decodeUtf8 } from '../decodeText';

/** Texts that are kept; a power of two. */
const slots = 1024;

/** Bytes of a text that is worth comparing. */
const mostBytes = 64;

/** Decodes texts of which most were met before: names of classes, of devices, of attributes. */
export class RepeatedTexts {
  private readonly known = new Array<string>(slots).fill('');

  /** UTF-8 from one place to another. */
  read(bytes: Uint8Array, start: number, end: number): string {
    if (end - start > mostBytes) return decodeUtf8(bytes.subarray(start, end));
    let hash = end - start;
    let all = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    // Only ASCII is compared: a character is a byte there.
    if (all >= 0x80) return decodeUtf8(bytes.subarray(start, end));
    const slot = (hash ^ (hash >>> 10)) & (slots - 1);
    const known = this.known[slot] as string;
    if (equals(known, bytes, start, end)) return known;
    return (this.known[slot] = decodeUtf8(bytes.subarray(start, end)));
  }
}

function equals(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}
