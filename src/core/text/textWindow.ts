import { end } from './characters';
import { StringSource, type TextSource } from './textSource';

/** Code units that are fetched at once. */
const pieceUnits = 1 << 18;

/** Code units of the longest token that is looked at as a whole. */
export const longestToken = 1 << 16;

/** Code units that the buffer of a window over a long text holds. */
export const windowUnits = pieceUnits + longestToken;

/** Code units put into one string at once: `String.fromCharCode` takes them as arguments. */
const unitsAtOnce = 4096;

/**
 * The part of a text that a scanner is looking at. Offsets are those of the whole text, in UTF-16 code
 * units, whether it came as a string or as bytes; what lies behind the scanner is let go.
 */
export class TextWindow {
  /** The code units at hand: in `bytes` while they are ASCII. */
  units: Uint8Array | Uint16Array;
  /** Offset of the first of them in the text. */
  base = 0;
  /** How many there are. */
  filled = 0;
  /** Whether the text ends where they do. */
  ended = false;
  /** How many pieces of the text were fetched so far. */
  pieces = 0;
  private wide: Uint16Array | undefined;

  /** @param bytes the buffer: `windowUnits` long, or as long as the text */
  constructor(
    readonly source: TextSource,
    private readonly bytes: Uint8Array,
  ) {
    this.units = bytes;
  }

  /** Whether the code units at hand are bytes in the buffer that the window was made with. */
  get isAscii(): boolean {
    return this.units === this.bytes;
  }

  /**
   * The code unit at an offset, or `end` after the text.
   * @param keep from where on the text is still needed; at most `longestToken` before `at`
   */
  codeAt(at: number, keep: number): number {
    for (;;) {
      const i = at - this.base;
      if (i < this.filled) return this.units[i] as number;
      if (!this.more(keep)) return end;
    }
  }

  /**
   * Fetches a piece more.
   * @returns false where the text has ended, or more than `longestToken` would have to be kept
   */
  more(keep: number): boolean {
    const kept = this.base + this.filled - keep;
    if (this.ended || kept > longestToken) return false;
    this.keepTail(keep - this.base);
    this.base = keep;
    this.filled = kept;
    const piece = this.source.next(this.isAscii ? this.bytes.subarray(kept) : this.bytes);
    this.pieces++;
    if (piece === 0) this.ended = true;
    else if (typeof piece === 'string') this.appendText(piece);
    else if (this.isAscii) this.filled += piece;
    else this.appendWide(this.bytes.subarray(0, piece));
    return !this.ended;
  }

  /** A part of what is at hand. */
  slice(start: number, stop: number): string {
    let text = '';
    for (let from = start; from < stop; from += unitsAtOnce) {
      const to = Math.min(stop, from + unitsAtOnce);
      text += String.fromCharCode(...this.units.subarray(from - this.base, to - this.base));
    }
    return text;
  }

  /** Moves what is still needed to the start of the buffer, of bytes again where it is ASCII. */
  private keepTail(from: number): void {
    const tail = this.units.subarray(from, this.filled);
    if (this.isAscii || tail.every(code => code < 0x80)) {
      this.bytes.set(tail);
      this.units = this.bytes;
    } else this.units.set(tail);
  }

  private appendText(piece: string): void {
    const codes = new Uint16Array(piece.length);
    for (let i = 0; i < piece.length; i++) codes[i] = piece.charCodeAt(i);
    this.appendWide(codes);
  }

  private appendWide(codes: Uint8Array | Uint16Array): void {
    const { length } = this.bytes;
    this.wide ??= new Uint16Array(length < windowUnits ? length : length + longestToken);
    if (this.isAscii) this.wide.set(this.bytes.subarray(0, this.filled));
    this.units = this.wide;
    this.wide.set(codes, this.filled);
    this.filled += codes.length;
  }
}

/** A window over a string. */
export function windowOver(text: string): TextWindow {
  const length = Math.min(text.length, windowUnits);
  return new TextWindow(new StringSource(text), new Uint8Array(length));
}
