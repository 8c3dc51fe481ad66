import { carriageReturn, lineFeed } from './characters';
import type { TextSource } from './textSource';

/** A place in a text, as editors and command lines count: from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Ends a line: `\n`, `\r\n` or a lone `\r`, as editors have it. */
const lineEnd = /\r\n|\r|\n/g;

/** Finds one position by reading the text up to it; for many in one text, see `LineIndex`. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let start = 0;
  lineEnd.lastIndex = 0;
  for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
    if (lineEnd.lastIndex > end) break;
    line++;
    start = lineEnd.lastIndex;
  }
  return { line, column: end - start + 1 };
}

/** The same of a text that comes in pieces, up to the offset. */
export function positionIn(source: TextSource, offset: number): Position {
  const buffer = new Uint8Array(1 << 16);
  const lines = new LineCounter(Math.max(offset, 0));
  while (lines.at <= lines.offset) {
    const piece = source.next(buffer);
    if (piece === 0) break;
    if (typeof piece === 'string') lines.addText(piece);
    else lines.addAscii(buffer.subarray(0, piece));
  }
  return lines.position();
}

/** Counts the lines of a text in pieces, up to an offset. */
class LineCounter {
  /** Offset of the next piece. */
  at = 0;
  private line = 1;
  private start = 0;
  /** The text so far ends in a carriage return, which is a line end of its own or half of one. */
  private halfEnd = false;

  constructor(readonly offset: number) {}

  /** Most texts have line feeds alone, which are found many at a time. */
  addAscii(codes: Uint8Array): void {
    if (this.halfEnd || codes.includes(carriageReturn)) codes.forEach(code => this.add(code));
    else {
      for (let i = codes.indexOf(lineFeed); i >= 0; i = codes.indexOf(lineFeed, i + 1)) {
        if (!this.endLine(this.at + i + 1)) break;
      }
      this.at += codes.length;
    }
  }

  addText(piece: string): void {
    for (let i = 0; i < piece.length; i++) this.add(piece.charCodeAt(i));
  }

  /** An offset behind the end counts as the end. */
  position(): Position {
    if (this.halfEnd) this.endLine(this.at);
    return { line: this.line, column: Math.min(this.offset, this.at) - this.start + 1 };
  }

  private add(code: number): void {
    if (this.halfEnd && code !== lineFeed) this.endLine(this.at);
    this.at++;
    this.halfEnd = code === carriageReturn;
    if (code === lineFeed) this.endLine(this.at);
  }

  /** @returns false, without counting, behind the offset */
  private endLine(next: number): boolean {
    if (next > this.offset) return false;
    this.line++;
    this.start = next;
    return true;
  }
}

/** `line 3, column 14`: where an offset is, for a sentence. */
export function formatPlace(text: string, offset: number): string {
  return formatPosition(positionAt(text, offset));
}

export function formatPosition({ line, column }: Position): string {
  return `line ${line}, column ${column}`;
}

/** Where the lines of a text start: built once, then each position costs a binary search. */
export class LineIndex {
  private readonly starts: readonly number[];
  private readonly length: number;

  constructor(text: string) {
    const starts = [0];
    lineEnd.lastIndex = 0;
    for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
      starts.push(lineEnd.lastIndex);
    }
    this.starts = starts;
    this.length = text.length;
  }

  /** Offsets outside the text count as its start or end. */
  positionAt(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.starts[low] as number) + 1 };
  }
}
