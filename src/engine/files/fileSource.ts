import { constants, readSync } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { guarded, heed, refuse } from '../../core/formats/badFile';
import { checkRange, pathInside, type ByteSource } from '../../core/formats/byteSource';
import type { Result } from '../../core/problem';
import { letOthersIn } from '../slices';

/** Bytes read between two looks at the signal. */
const chunk = 1 << 24;

/** Bytes read without waiting: Node takes longer to come back from its threads than to read them. */
const fewBytes = 1 << 16;

/** How long such reads, one after another, may keep others waiting. */
const turnMilliseconds = 8;

/**
 * A local file, read by ranges through one handle.
 * @returns a problem where there is no such file, or it may not be read or is no ordinary file
 */
export function openFile(path: string): Promise<Result<ByteSource>> {
  return guarded(path, () => openSource(path, new Siblings(path)));
}

async function openSource(path: string, siblings: Siblings): Promise<ByteSource> {
  const handle = await openHandle(path);
  const info = await handle.stat();
  if (!info.isFile()) {
    await handle.close();
    refuse(
      info.isDirectory() ? 'is-folder' : 'not-a-file',
      info.isDirectory()
        ? 'it is a folder: choose a file in it.'
        : 'it is a device or a pipe: choose an ordinary file.',
    );
  }
  siblings.opened.push(handle);
  return new LocalFile(basename(path), info.size, handle, siblings);
}

class LocalFile implements ByteSource {
  /** When others last had their turn, in ms. */
  private since = performance.now();

  constructor(
    readonly name: string,
    readonly size: number,
    private readonly handle: FileHandle,
    private readonly siblings: Siblings,
  ) {}

  readonly readInto = async (
    target: Uint8Array,
    offset: number,
    signal: AbortSignal,
  ): Promise<void> => {
    if (target.length <= fewBytes) {
      await this.giveTurn();
      heed(signal);
      this.readIntoSync(target, offset);
      return;
    }
    checkRange(this, offset, target.length);
    for (let done = 0; done < target.length;) {
      heed(signal);
      const length = Math.min(chunk, target.length - done);
      const read = await this.handle.read(target, done, length, offset + done).catch(readingFailed);
      if (read.bytesRead === 0) cutWhileRead();
      done += read.bytesRead;
    }
  };

  readonly readIntoSync = (target: Uint8Array, offset: number): void => {
    checkRange(this, offset, target.length);
    for (let done = 0; done < target.length;) {
      const count = this.readSync(target, done, offset);
      if (count === 0) cutWhileRead();
      done += count;
    }
  };

  readonly sibling = (relative: string, signal: AbortSignal): Promise<ByteSource> =>
    this.siblings.open(relative, signal);

  readonly close = (): Promise<void> => this.siblings.close();

  private readSync(target: Uint8Array, done: number, offset: number): number {
    try {
      return readSync(this.handle.fd, target, done, target.length - done, offset + done);
    } catch (error) {
      return readingFailed(error);
    }
  }

  /** A cancellation arrives only when others get their turn. */
  private async giveTurn(): Promise<void> {
    if (performance.now() - this.since <= turnMilliseconds) return;
    await letOthersIn();
    this.since = performance.now();
  }
}

function cutWhileRead(): never {
  refuse('file-changed', 'it became shorter while it was read: something is writing it.');
}

function readingFailed(error: unknown): never {
  refuse('file-unreadable', `it could not be read (${codeOf(error) || String(error)}).`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

async function openHandle(path: string): Promise<FileHandle> {
  try {
    // A pipe would wait for a writer; this fails or returns at once.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = codeOf(error);
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return refuse('file-missing', 'there is no such file: check the path.');
      case 'EACCES':
      case 'EPERM':
        return refuse('file-forbidden', 'it may not be read: check its permissions.');
      case 'EISDIR':
        return refuse('is-folder', 'it is a folder: choose a file in it.');
      default:
        return readingFailed(error);
    }
  }
}

/** Files open at once for one checkpoint; each shard holds a handle. */
const mostOpen = 512;

/** The files of one folder that were opened together, and are closed together. */
class Siblings {
  readonly opened: FileHandle[] = [];
  private readonly sources = new Map<string, Promise<ByteSource>>();

  constructor(private readonly path: string) {}

  async open(relative: string, signal: AbortSignal): Promise<ByteSource> {
    heed(signal);
    const key = pathInside(relative).join(sep);
    let source = this.sources.get(key);
    if (source === undefined) {
      if (this.opened.length >= mostOpen) {
        refuse('too-many-files', `it refers to more than ${mostOpen} files.`);
      }
      source = this.openChecked(key);
      this.sources.set(key, source);
    }
    return source;
  }

  /**
   * Links may lead to another place only where the file itself lies there: in a cache of Hugging Face,
   * index and shards are all links into one folder of blobs.
   */
  private async openChecked(key: string): Promise<ByteSource> {
    const folder = dirname(this.path);
    const target = join(folder, key);
    const real = await realpath(target).catch(() => undefined);
    if (real === undefined) refuse('file-missing', `there is no file ${key} beside it.`);
    const own = await realpath(this.path).catch(() => this.path);
    const allowed = [await realpath(folder), dirname(own)];
    if (!allowed.some(place => real.startsWith(place.endsWith(sep) ? place : place + sep))) {
      refuse(
        'path-leaves-folder',
        `its file ${key} is a link out of its folder: it was not opened.`,
      );
    }
    return openSource(real, this);
  }

  async close(): Promise<void> {
    const handles = this.opened.splice(0);
    this.sources.clear();
    await Promise.all(handles.map(handle => handle.close()));
  }
}
