import { heed } from './badFile';
import { checkRange, readBytes, type ByteSource } from './byteSource';

/** Bytes of a file, some of which are kept so that neighbours need no read of their own. */
export interface WindowedBytes {
  readonly size: number;
  /** The bytes of a range, which the next read may overwrite nothing of; not to be changed. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
}

/**
 * Reads a source in windows, so that walking a file's heads costs a read now and then and not one each.
 * A read of more than a window goes straight through.
 */
export function windowedBytes(
  source: ByteSource,
  signal: AbortSignal,
  windowBytes = 1 << 16,
): WindowedBytes {
  let start = 0;
  let window = new Uint8Array(0);
  return {
    size: source.size,
    async read(offset, length) {
      if (offset >= start && offset + length <= start + window.length) {
        return window.subarray(offset - start, offset - start + length);
      }
      heed(signal);
      checkRange(source, offset, length);
      if (length > windowBytes) return readBytes(source, offset, length, signal);
      const wanted = Math.min(windowBytes, source.size - offset);
      window = (await readBytes(source, offset, wanted, signal)) as Uint8Array<ArrayBuffer>;
      start = offset;
      return window.subarray(0, length);
    },
  };
}
