import type { ByteSource } from '../../core/formats/byteSource';

/** Bytes read between two looks of whoever watches. */
const step = 1 << 22;

/** A source that tells how many bytes are read of it and of its siblings. */
export function watchedSource(source: ByteSource, told: (bytes: number) => void): ByteSource {
  const { readIntoSync } = source;
  return {
    name: source.name,
    size: source.size,
    readInto: async (target, offset, signal) => {
      for (let done = 0; ; done += step) {
        const part = target.length <= step ? target : target.subarray(done, done + step);
        await source.readInto(part, offset + done, signal);
        told(part.length);
        if (done + step >= target.length) return;
      }
    },
    ...(readIntoSync && {
      readIntoSync: (target: Uint8Array, offset: number) => {
        readIntoSync(target, offset);
        told(target.length);
      },
    }),
    sibling: async (path, signal) => watchedSource(await source.sibling(path, signal), told),
    close: () => source.close(),
  };
}
