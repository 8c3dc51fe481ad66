import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathInside, type ByteSource } from '../../core/formats/byteSource';
import type { TensorFile } from '../../protocol/engineFiles';

/** What tells that a file is another than before; undefined where it is gone. */
type Stamp = string | undefined;

/** Tells whether a file, or one beside it that was opened with it (a shard), has changed since. */
export class FileStamps {
  private readonly shards = new Map<string, Stamp>();

  private constructor(private readonly own: Stamp) {}

  /** Of a file that is about to be opened: what changes from now on is seen. */
  static async of(file: TensorFile): Promise<FileStamps> {
    return new FileStamps(await stampOf(file));
  }

  /** Paths of the files beside it that were asked for, also those that are missing so far. */
  get beside(): readonly string[] {
    return [...this.shards.keys()];
  }

  /** The source, of which every file beside it is remembered before it is opened. */
  watching(file: TensorFile, source: ByteSource): ByteSource {
    const sibling: ByteSource['sibling'] = async (path, signal) => {
      const key = pathInside(path).join('/');
      if (!this.shards.has(key)) this.shards.set(key, await shardStamp(file, key));
      return source.sibling(path, signal);
    };
    const { name, size, readInto, readIntoSync } = source;
    return {
      name,
      size,
      readInto,
      ...(readIntoSync && { readIntoSync }),
      sibling,
      close: () => source.close(),
    };
  }

  /** Whether all of them are as they were. */
  async hold(file: TensorFile): Promise<boolean> {
    if ((await stampOf(file)) !== this.own) return false;
    const now = await Promise.all(
      [...this.shards].map(async ([key, stamp]) => (await shardStamp(file, key)) === stamp),
    );
    return now.every(same => same);
  }
}

async function stampOf(file: TensorFile): Promise<Stamp> {
  return file.kind === 'virtual' ? file.revision : stampAt(file.path);
}

/** The revision of a virtual file is that of the files beside it too: the host sees to it. */
async function shardStamp(file: TensorFile, key: string): Promise<Stamp> {
  return file.kind === 'virtual' ? '' : stampAt(join(dirname(file.path), key));
}

async function stampAt(path: string): Promise<Stamp> {
  const info = await stat(path).catch(() => undefined);
  return info && `${basename(path)} ${info.ino} ${info.size} ${info.mtimeMs}`;
}
