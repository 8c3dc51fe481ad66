import { randomUUID } from 'node:crypto';
import { refuse } from '../../core/formats/badFile';
import type { ByteSource } from '../../core/formats/byteSource';
import { checkGlobalHeap } from './globalHeap';
import type { NativeHdf5 } from './native';

/** A path of the library's own file system, behind which are the bytes of one file. */
export interface Mounted {
  readonly path: string;
  unmount(): void;
}

/** What `read` answers where the bytes cannot be had: EIO. */
const inputOutputError = 29;

/**
 * Puts a file into the library's file system in memory whose reads go to the source. Its folder has a
 * random name, so that no file can name another that is open.
 */
export function mountSource({ FS }: NativeHdf5, source: ByteSource): Mounted {
  const { size, readIntoSync } = source;
  if (!readIntoSync) refuse('source-asynchronous', 'its bytes cannot be read without waiting.');
  const folder = `/${randomUUID()}`;
  FS.mkdir(folder);
  const node = FS.createFile(folder, 'file.h5', {}, true, false);
  node.usedBytes = size;
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream, buffer, offset, length, position) {
      const readable = Math.max(0, Math.min(length, size - position));
      if (readable === 0) return 0;
      try {
        const target = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, readable);
        readIntoSync(target, position);
        checkGlobalHeap(target);
      } catch {
        // As the library expects errors of a file system, so that it cleans up behind itself.
        throw new FS.ErrnoError(inputOutputError);
      }
      return readable;
    },
  };
  return {
    path: `${folder}/file.h5`,
    unmount() {
      FS.unlink(`${folder}/file.h5`);
      FS.rmdir(folder);
    },
  };
}
