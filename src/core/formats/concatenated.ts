import { checkRange, type ByteSource } from './byteSource';

/** Sources one after another as one (shards of a group of weights). Closing it closes nothing. */
export function concatenated(name: string, parts: readonly ByteSource[]): ByteSource {
  const [first] = parts;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    name,
    size,
    readInto: async (target, offset, signal) => {
      checkRange({ size }, offset, target.length);
      let start = 0;
      for (const part of parts) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + target.length, start + part.size);
        if (from < to) {
          await part.readInto(target.subarray(from - offset, to - offset), from - start, signal);
        }
        start += part.size;
      }
    },
    sibling: (path, signal) =>
      first === undefined
        ? Promise.reject(new Error('no source has siblings'))
        : first.sibling(path, signal),
    close: () => Promise.resolve(),
  };
}
