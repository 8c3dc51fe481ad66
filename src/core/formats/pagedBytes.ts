import { heed } from './badFile';
import { checkRange, readBytes, type ByteSource } from './byteSource';
import type { WindowedBytes } from './windowedBytes';

const pageBytes = 4096;
/** 4 MB. */
const mostPages = 1024;

/** Reads a source in pages and keeps the latest: for a format whose offsets lead here and there. */
export function pagedBytes(source: ByteSource, signal: AbortSignal): WindowedBytes {
  const pages = new Map<number, Uint8Array>();
  const page = async (index: number): Promise<Uint8Array> => {
    let bytes = pages.get(index);
    if (bytes === undefined) {
      heed(signal);
      const start = index * pageBytes;
      bytes = await readBytes(source, start, Math.min(pageBytes, source.size - start), signal);
    }
    // Last in the map is the latest used; the first goes when there are too many.
    pages.delete(index);
    pages.set(index, bytes);
    if (pages.size > mostPages) pages.delete(pages.keys().next().value ?? index);
    return bytes;
  };
  return {
    size: source.size,
    async read(offset, length) {
      checkRange(source, offset, length);
      const first = Math.floor(offset / pageBytes);
      const at = offset - first * pageBytes;
      if (at + length > pageBytes) return readBytes(source, offset, length, signal);
      return (await page(first)).subarray(at, at + length);
    },
  };
}
