import { heed, refuse } from '../badFile';
import { readBytes, type ByteSource } from '../byteSource';
import { endsInQuotes } from './fields';

/** Bytes that are split into lines at once. */
const chunkBytes = 1 << 20;

/** Bytes that one line may have, and characters of one that quotes make of several. */
const mostLineBytes = 1 << 24;
const mostQuoted = 1 << 20;

/** A place where a line starts. */
export interface LineStart {
  /** Bytes from the file's start. */
  readonly offset: number;
  /** Lines before it, empty ones and comments included. */
  readonly lines: number;
}

export interface LineVisitor {
  /** Called for each line, without its end; `number` counts from 1. @returns false to stop */
  readonly line: (text: string, number: number) => boolean;
  /** Called for places to start from another time, one a chunk at most. */
  readonly start?: (place: LineStart) => void;
}

/**
 * Walks the lines of a text file in UTF-8, a megabyte at a time. A line break within quotes does not end a
 * line (RFC 4180).
 * @throws BadFile where a line is too long, or a quote is not closed
 */
export async function walkLines(
  source: ByteSource,
  from: LineStart,
  delimiter: string,
  { line, start }: LineVisitor,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let { lines } = from;
  let record = '';
  let open = false;
  for await (const { offset, bytes } of wholeLines(source, from, signal)) {
    if (!open) start?.({ offset, lines });
    const texts = decoder.decode(bytes).split('\n');
    // After the last line break there is nothing, but for a file that ends without one.
    if (texts.at(-1) === '') texts.pop();
    for (const text of texts) {
      lines++;
      record = open ? `${record}\n${text}` : text;
      open = endsInQuotes(text, delimiter, open);
      if (open && record.length > mostQuoted) {
        refuse(
          'quote-open',
          `a quote that is open in line ${lines} goes on for ${mostQuoted} characters.`,
        );
      }
      if (!open && !line(record.endsWith('\r') ? record.slice(0, -1) : record, lines)) return;
    }
  }
  if (open) refuse('quote-open', `a quote is open at its end, in line ${lines}.`);
}

function tooLong(line: number): never {
  refuse('line-too-long', `line ${line} has more than ${mostLineBytes} bytes: it is no table.`);
}

/** Pieces that end where a line does. */
async function* wholeLines(
  source: ByteSource,
  from: LineStart,
  signal: AbortSignal,
): AsyncGenerator<{ readonly offset: number; readonly bytes: Uint8Array }, void> {
  let rest = new Uint8Array(0);
  for (let at = from.offset; at < source.size;) {
    heed(signal);
    const length = Math.min(chunkBytes, source.size - at);
    const bytes = new Uint8Array(rest.length + length);
    bytes.set(rest);
    bytes.set(await readBytes(source, at, length, signal), rest.length);
    const offset = at - rest.length;
    at += length;
    const end = at === source.size ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    if (bytes.length - end > mostLineBytes) tooLong(from.lines + 1);
    rest = bytes.slice(end);
    if (end > 0) yield { offset, bytes: bytes.subarray(0, end) };
  }
}
