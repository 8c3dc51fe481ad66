import { isAscii } from 'node:buffer';
import { ok, type Result } from '../../core/problem';
import type { JsonDocument } from '../../core/text/jsonDocument';
import { JsonDocumentReader } from '../../core/text/jsonDocumentReader';
import { positionIn, type Position } from '../../core/text/lines';
import { plainMemory, type NumberMemory } from '../../core/text/numberMemory';
import { StringSource, Utf8Source, type TextSource } from '../../core/text/textSource';
import { TextWindow, windowUnits } from '../../core/text/textWindow';
import { cancelled } from '../../protocol/rpc';
import { letOthersIn, Slices } from '../slices';
import type { ByteContent, OpenBytes } from './byteContent';
import { borrowBulkNumbers, type OwnBulkScanner } from './bulkNumbers';

/** Code units or bytes from which on the compiled scanner, which takes milliseconds to load, pays. */
const longText = 1 << 18;

/**
 * Reads JSON piece by piece, in memory for its numbers and a megabyte, and lets others in between.
 * @param lines whether it is JSON Lines
 * @param memory where the numbers go
 */
export async function readDocument(
  content: ByteContent,
  lines: boolean,
  signal: AbortSignal,
  memory: NumberMemory = plainMemory,
): Promise<Result<JsonDocument>> {
  const opened = content.open();
  if (!opened.ok) return opened;
  const bytes = opened.value;
  const bulk = bytes.size >= longText ? borrowBulkNumbers() : undefined;
  try {
    const source = utf8Source(bytes, bulk);
    const document = await readFrom(source, bulk, lines, signal, memory);
    if (bytes.problem !== undefined) return { ok: false, problem: bytes.problem };
    return source.isBroken ? { ok: false, problem: content.notText } : document;
  } finally {
    bulk?.close();
    bytes.close();
  }
}

/** The same of text at hand. */
export async function readText(
  text: string,
  lines: boolean,
  signal: AbortSignal,
  memory: NumberMemory = plainMemory,
): Promise<Result<JsonDocument>> {
  const bulk = text.length >= longText ? borrowBulkNumbers() : undefined;
  try {
    return await readFrom(new StringSource(text), bulk, lines, signal, memory);
  } finally {
    bulk?.close();
  }
}

/** Where an offset is in the text, found by reading up to it. */
export function findPosition(content: ByteContent, offset: number): Result<Position> {
  const opened = content.open();
  if (!opened.ok) return opened;
  try {
    return ok(positionIn(utf8Source(opened.value, undefined), offset));
  } finally {
    opened.value.close();
  }
}

async function readFrom(
  source: TextSource,
  bulk: OwnBulkScanner | undefined,
  lines: boolean,
  signal: AbortSignal,
  memory: NumberMemory,
): Promise<Result<JsonDocument>> {
  // Parsing holds the thread: the last moment not to begin.
  if (source.size >= longText) await letOthersIn();
  if (signal.aborted) return { ok: false, problem: cancelled };
  const window = new TextWindow(source, bulk?.bytes ?? buffer(source));
  const tools = { memory, ...(bulk && { bulk }) };
  const reader = new JsonDocumentReader(window, { lines, tools });
  const slices = new Slices(signal);
  while (!reader.advance()) {
    if (!(await slices.goOn())) return { ok: false, problem: cancelled };
  }
  return ok(reader.document());
}

/** Of a string the length is certain; a file may have grown. */
function buffer(source: TextSource): Uint8Array {
  const isExact = source instanceof StringSource && source.size < windowUnits;
  return new Uint8Array(isExact ? source.size : windowUnits);
}

function utf8Source(bytes: OpenBytes, bulk: OwnBulkScanner | undefined): Utf8Source {
  return new Utf8Source(bytes, part => {
    return bulk?.asciiLength(part) ?? (isAscii(part) ? part.length : undefined);
  });
}
