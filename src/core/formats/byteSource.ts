import { refuse } from './badFile';

/**
 * Random access to bytes: a local file, a file of a virtual file system, a buffer, a part of another
 * source. Nothing may be assumed about what the bytes hold. Failures throw `BadFile`.
 */
export interface ByteSource {
  /** The file's own name, without folders: for messages and for telling formats apart. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Fills all of `target` from `offset` on; refuses a range that is not inside the source. */
  readonly readInto: (target: Uint8Array, offset: number, signal: AbortSignal) => Promise<void>;
  /** The same without waiting, where the source can (HDF5 needs it). */
  readonly readIntoSync?: (target: Uint8Array, offset: number) => void;
  /**
   * Another file of the same folder (a shard, external data). Refuses a path that leaves the folder, by
   * itself or through a link. Closed with this source.
   */
  readonly sibling: (path: string, signal: AbortSignal) => Promise<ByteSource>;
  /** Lets go of the file and of siblings that were opened. */
  readonly close: () => Promise<void>;
}

/** A fresh copy of a range, at the start of a buffer of its own. */
export async function readBytes(
  source: ByteSource,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  checkRange(source, offset, length);
  const bytes = new Uint8Array(length);
  await source.readInto(bytes, offset, signal);
  return bytes;
}

/** Refuses a range that is not inside the source: before anything is allocated for it. */
export function checkRange(
  { size }: Pick<ByteSource, 'size'>,
  offset: number,
  length: number,
): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && offset + length <= size) return;
  refuse(
    'range-outside-file',
    `it refers to ${length} bytes at byte ${offset}, and has ${size} bytes: it is cut short or damaged.`,
  );
}

/** A part of a source as a source (a stored member of an archive). Closing it closes nothing. */
export function partOf(
  source: ByteSource,
  offset: number,
  size: number,
  name = source.name,
): ByteSource {
  checkRange(source, offset, size);
  const { readIntoSync } = source;
  const inside = (target: Uint8Array, at: number): void =>
    checkRange({ size }, at, target.byteLength);
  return {
    name,
    size,
    readInto: async (target, at, signal) => {
      inside(target, at);
      await source.readInto(target, offset + at, signal);
    },
    ...(readIntoSync && {
      readIntoSync: (target: Uint8Array, at: number) => {
        inside(target, at);
        readIntoSync(target, offset + at);
      },
    }),
    sibling: (path, signal) => source.sibling(path, signal),
    close: () => Promise.resolve(),
  };
}

/**
 * A source of which a part has been read before it is asked for: many small reads become one.
 * @param offset where the bytes are in it
 */
export function withBytes(source: ByteSource, offset: number, bytes: Uint8Array): ByteSource {
  const { name, size, readInto, readIntoSync, sibling } = source;
  return {
    name,
    size,
    sibling,
    ...(readIntoSync && { readIntoSync }),
    readInto: (target, at, signal) => {
      const from = at - offset;
      if (from < 0 || from + target.length > bytes.length) return readInto(target, at, signal);
      target.set(bytes.subarray(from, from + target.length));
      return Promise.resolve();
    },
    close: () => source.close(),
  };
}

/** Bytes in memory as a source. @param sibling other files, where there are any */
export function bytesSource(
  name: string,
  bytes: Uint8Array,
  sibling?: ByteSource['sibling'],
): ByteSource {
  const copy = (target: Uint8Array, offset: number): void => {
    checkRange({ size: bytes.length }, offset, target.length);
    target.set(bytes.subarray(offset, offset + target.length));
  };
  return {
    name,
    size: bytes.length,
    readInto: (target, offset) => {
      copy(target, offset);
      return Promise.resolve();
    },
    readIntoSync: copy,
    sibling: sibling ?? (path => refuse('file-missing', `there is no ${path} beside it.`)),
    close: () => Promise.resolve(),
  };
}

/**
 * The parts of a path that stays in its folder; refuses all others. A source resolves these, and looks
 * after links itself.
 */
export function pathInside(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '' && part !== '.');
  const leaves =
    path.startsWith('/') ||
    /[\\\0]/.test(path) ||
    /^[a-z]+:/i.test(path) ||
    parts.length === 0 ||
    parts.includes('..');
  if (leaves) {
    refuse(
      'path-leaves-folder',
      `it refers to the file ${JSON.stringify(path.slice(0, 200))}, which is not in its own folder: it was not opened.`,
    );
  }
  return parts;
}
