/** A text in its order, a piece at a time, as it is read from an editor, a file or a pipe. */
export interface TextSource {
  /** Code units or bytes of the whole text: exact for a string, an estimate for a file, 0 where nobody knows. */
  readonly size: number;
  /** Code units or bytes handed out so far: against `size`, how far reading has come. */
  readonly consumed: number;
  /**
   * Reads the next piece.
   * @param into where the code units of a piece go that is ASCII
   * @returns how many there are, 0 at the end of the text; or a piece that is not ASCII, as a string
   */
  next(into: Uint8Array): number | string;
}

/** Code units of the longest piece that is not ASCII: after it, bytes are tried again. */
const wideUnits = 4096;

/** A string as a source: its pieces are the same as those of its UTF-8 bytes, up to where they are cut. */
export class StringSource implements TextSource {
  consumed = 0;

  constructor(private readonly text: string) {}

  get size(): number {
    return this.text.length;
  }

  next(into: Uint8Array): number | string {
    const { text, consumed } = this;
    const stop = Math.min(consumed + into.length, text.length);
    let i = consumed;
    for (; i < stop; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) break;
      into[i - consumed] = code;
    }
    if (i > consumed || i === stop) {
      this.consumed = i;
      return i - consumed;
    }
    const piece = text.slice(consumed, Math.min(stop, consumed + wideUnits));
    this.consumed += piece.length;
    return piece;
  }
}

/** Where bytes come from, in order. */
export interface ByteReader {
  /** Bytes of the whole, as far as it is known. */
  readonly size: number;
  /** @returns how many bytes were written into the array's start, which is not empty; 0 at the end */
  read(into: Uint8Array): number;
}

/** Bytes at hand as a reader. */
export class BytesReader implements ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array): number {
    const part = this.bytes.subarray(this.at, this.at + into.length);
    into.set(part);
    this.at += part.length;
    return part.length;
  }
}

/** What was read but not yet handed out, behind a piece that is not ASCII. */
const nothing = new Uint8Array(0);

/**
 * UTF-8 bytes as a source. A byte order mark at the start is left out, as editors do. Bytes that are not
 * UTF-8 end the text, and `isBroken` says so.
 */
export class Utf8Source implements TextSource {
  consumed = 0;
  /** Whether the text ended because its bytes are not UTF-8. */
  isBroken = false;
  private pending: Uint8Array = nothing;
  private begun = false;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  /**
   * @param fastAscii how many of an array's first bytes are ASCII, faster than the loop here, where it can
   */
  constructor(
    private readonly reader: ByteReader,
    private readonly fastAscii?: (bytes: Uint8Array) => number | undefined,
  ) {}

  get size(): number {
    return this.reader.size;
  }

  next(into: Uint8Array): number | string {
    if (into.length === 0 || this.isBroken) return 0;
    if (!this.begun) this.skipMark();
    let filled: number;
    if (this.pending.length > 0) {
      const head = this.pending.subarray(0, into.length);
      const ascii = this.asciiLength(head);
      into.set(head.subarray(0, ascii));
      this.pending = this.pending.subarray(ascii);
      filled = ascii;
    } else {
      const read = this.reader.read(into);
      filled = this.asciiLength(into.subarray(0, read));
      if (filled < read) this.pending = into.slice(filled, read);
      if (read === 0) return 0;
    }
    this.consumed += filled;
    return filled > 0 ? filled : this.wide();
  }

  private asciiLength(bytes: Uint8Array): number {
    return this.fastAscii?.(bytes) ?? countAscii(bytes);
  }

  private skipMark(): void {
    this.begun = true;
    while (this.pending.length < 3 && this.readMore());
    const [first, second, third] = this.pending;
    if (first === 0xef && second === 0xbb && third === 0xbf)
      this.pending = this.pending.subarray(3);
  }

  private readMore(): boolean {
    const more = new Uint8Array(wideUnits);
    const read = this.reader.read(more);
    const joined = new Uint8Array(this.pending.length + read);
    joined.set(this.pending);
    joined.set(more.subarray(0, read), this.pending.length);
    this.pending = joined;
    return read > 0;
  }

  /** The piece that starts with what is not ASCII. */
  private wide(): number | string {
    while (this.pending.length < 4 && this.readMore());
    const length = wholeCharacters(this.pending.subarray(0, wideUnits));
    const bytes = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    this.consumed += length;
    try {
      return this.decoder.decode(bytes);
    } catch {
      this.isBroken = true;
      return 0;
    }
  }
}

/** How many of the bytes to take so that no character is cut; all of them where that cannot be told. */
function wholeCharacters(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && start > bytes.length - 4 && isContinuation(bytes[start] as number)) start--;
  const lead = bytes[start] as number;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return start > 0 && start + length > bytes.length ? start : bytes.length;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function countAscii(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length && (bytes[i] as number) < 0x80) i++;
  return i;
}
