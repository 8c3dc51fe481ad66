import { refuse } from '../../../../src/core/formats/badFile';
import { bytesSource, pathInside, type ByteSource } from '../../../../src/core/formats/byteSource';

/** Bytes in memory that count what is read of them. */
export interface FakeSource extends ByteSource {
  /** How many reads there were, of it and of its siblings. */
  readonly reads: () => number;
  /** How many bytes they read. */
  readonly bytesRead: () => number;
}

/** @param siblings the other files of its folder, by relative path */
export function fakeSource(
  name: string,
  bytes: Uint8Array,
  siblings: ReadonlyMap<string, Uint8Array> = new Map(),
): FakeSource {
  let reads = 0;
  let bytesRead = 0;
  const counting = (source: ByteSource): ByteSource => ({
    ...source,
    readInto: (target, offset, signal) => {
      reads++;
      bytesRead += target.length;
      return source.readInto(target, offset, signal);
    },
    readIntoSync: (target, offset) => {
      reads++;
      bytesRead += target.length;
      source.readIntoSync?.(target, offset);
    },
  });
  // eslint-disable-next-line @typescript-eslint/require-await -- what a source refuses, it rejects
  const sibling = async (path: string): Promise<ByteSource> => {
    const found = siblings.get(pathInside(path).join('/'));
    if (found === undefined) return refuse('file-missing', `there is no ${path} beside it.`);
    return counting(bytesSource(path, found, sibling));
  };
  return {
    ...counting(bytesSource(name, bytes, sibling)),
    reads: () => reads,
    bytesRead: () => bytesRead,
  };
}
