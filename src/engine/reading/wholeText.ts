import { fail, ok, type Result } from '../../core/problem';
import type { ByteContent, OpenBytes } from './byteContent';

/** Bytes of the longest text that is held as one string: V8 holds none that is longer. */
export const textLimit = 500_000_000;

const chunk = 1 << 22;

/**
 * Reads all of a text that is no JSON, to search it for printed tensors.
 * @param label the file's, for the message where it is too long
 */
export function readWholeText(content: ByteContent, label: string): Result<string> {
  const opened = content.open();
  if (!opened.ok) return opened;
  try {
    const bytes = readAll(opened.value);
    const { problem } = opened.value;
    if (problem !== undefined) return { ok: false, problem };
    if (bytes.length > textLimit) {
      return fail(
        'file-too-large',
        `${label} is not JSON, and text with printed tensors is read up to ${textLimit} bytes: give a part of it.`,
      );
    }
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) return { ok: false, problem: content.notText };
    throw error;
  } finally {
    opened.value.close();
  }
}

/** To the end, or one chunk over the limit. The size that is told may be wrong: in /proc it is 0. */
function readAll(reader: OpenBytes): Buffer {
  const parts: Buffer[] = [];
  for (let total = 0; total <= textLimit;) {
    const part = Buffer.allocUnsafe(chunk);
    const count = reader.read(part);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    total += count;
  }
  return Buffer.concat(parts);
}
