/** A string has its quotes, its prefix and what is interpolated in it; comments are no tokens. */
export type TokenKind = 'name' | 'number' | 'string' | 'mark';

const kinds: readonly TokenKind[] = ['name', 'number', 'string', 'mark'];

/** Set in a token's kind where a line ends between it and the token before. */
const startsLine = 0x80;

/** The tokens of a text, by index: some 9 bytes each, so that a large file stays small. */
export class Tokens {
  constructor(
    readonly text: string,
    readonly count: number,
    private readonly flags: Uint8Array,
    private readonly starts: Uint32Array,
    private readonly ends: Uint32Array,
  ) {}

  /** @returns undefined past either end */
  kind(index: number): TokenKind | undefined {
    return index >= 0 && index < this.count
      ? kinds[(this.flags[index] as number) & ~startsLine]
      : undefined;
  }

  /** Offset of its first character; the length of the text past the last token. */
  start(index: number): number {
    return index < this.count ? (this.starts[index] as number) : this.text.length;
  }

  /** Offset just after it. */
  end(index: number): number {
    return index < this.count ? (this.ends[index] as number) : this.text.length;
  }

  textOf(index: number): string {
    return this.kind(index) === undefined
      ? ''
      : this.text.slice(this.start(index), this.end(index));
  }

  /** Whether it is this word, or this mark: cheaper than to compare its text. */
  is(index: number, text: string): boolean {
    if (index < 0 || index >= this.count) return false;
    const start = this.starts[index] as number;
    return (
      (this.ends[index] as number) - start === text.length && this.text.startsWith(text, start)
    );
  }

  isName(index: number): boolean {
    return this.kind(index) === 'name';
  }

  /** Whether a line ends just before it, outside of strings; true of the first one. */
  startsLine(index: number): boolean {
    return index < this.count && ((this.flags[index] as number) & startsLine) !== 0;
  }

  /** The last token that starts at an offset or before it; −1 before the first. */
  at(offset: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] as number) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Gathers tokens in the order of the text. */
export class TokenList {
  private flags = new Uint8Array(1024);
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);
  private count = 0;

  add(kind: TokenKind, start: number, end: number, lineBefore: boolean): void {
    if (this.count === this.starts.length) this.grow();
    this.flags[this.count] = kinds.indexOf(kind) | (lineBefore ? startsLine : 0);
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }

  get length(): number {
    return this.count;
  }

  lastKind(): TokenKind | undefined {
    return this.count === 0
      ? undefined
      : kinds[(this.flags[this.count - 1] as number) & ~startsLine];
  }

  lastStart(): number {
    return this.starts[this.count - 1] ?? 0;
  }

  lastEnd(): number {
    return this.ends[this.count - 1] ?? 0;
  }

  /** Of the last token; empty before the first. */
  lastText(text: string): string {
    return text.slice(this.lastStart(), this.lastEnd());
  }

  of(text: string): Tokens {
    const { count } = this;
    return new Tokens(
      text,
      count,
      this.flags.slice(0, count),
      this.starts.slice(0, count),
      this.ends.slice(0, count),
    );
  }

  private grow(): void {
    const length = 2 * this.starts.length;
    this.flags = grown(this.flags, new Uint8Array(length));
    this.starts = grown(this.starts, new Uint32Array(length));
    this.ends = grown(this.ends, new Uint32Array(length));
  }
}

function grown<T extends Uint8Array | Uint32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
