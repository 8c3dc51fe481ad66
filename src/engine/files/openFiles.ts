import { findLayers, type FoundLayer } from '../../core/batchnorm/findLayers';
import { guarded, refuse } from '../../core/formats/badFile';
import type { ByteSource } from '../../core/formats/byteSource';
import type { TensorCatalog } from '../../core/formats/catalog';
import { openCatalog } from '../../core/formats/registry';
import { ok, type Result } from '../../core/problem';
import type { TensorFile } from '../../protocol/engineFiles';
import { virtualSource, type EngineHost } from './engineHost';
import { openFile } from './fileSource';
import { FileStamps } from './fileStamps';
import { nodeServices } from './nodeServices';
import { watchedSource } from './watchedSource';

/** Files that are kept open for the next request. */
const mostKept = 8;

/** How long a file that nobody asks for stays open, in ms. */
const keptFor = 30_000;

/** A file that is open, and what it holds. */
export interface OpenFile {
  readonly name: string;
  readonly source: ByteSource;
  readonly catalog: TensorCatalog;
  readonly layers: readonly FoundLayer[];
  /** Paths of files beside it that belong to it, from its folder on: shards, external data. */
  readonly beside: readonly string[];
}

/** Told of every read of a file, with how many bytes it was. */
export type ReadListener = (bytes: number) => void;

interface KeptFile extends OpenFile {
  readonly stamps: FileStamps;
  readonly listeners: Set<ReadListener>;
  users: number;
}

/**
 * The files that were read last, kept open so that a request after the listing costs what it reads. Each use
 * looks whether the file is still the one that was opened.
 */
export class OpenFiles {
  /** By place, the one used last at the end. */
  private readonly kept = new Map<string, KeptFile>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly host: EngineHost) {}

  /**
   * Does something with a file. A file that changes meanwhile is the problem `file-changed`.
   * @param listener told of what is read for it
   */
  async use<T>(
    file: TensorFile,
    signal: AbortSignal,
    listener: ReadListener,
    work: (file: OpenFile) => Promise<T> | T,
  ): Promise<Result<T>> {
    const opened = await this.open(file, signal, listener);
    if (!opened.ok) return opened;
    const current = opened.value;
    current.listeners.add(listener);
    try {
      return await guarded(current.name, async () => {
        const done = await work(current);
        if (!(await current.stamps.hold(file))) {
          refuse('file-changed', 'it changed while it was read: something is writing it.');
        }
        return done;
      });
    } finally {
      current.listeners.delete(listener);
      await this.leave(file, current);
      await this.trim(mostKept);
      this.restTimer();
    }
  }

  /** Lets go of all files. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.trim(0);
  }

  /** The file as it is now, with one user more. */
  private async open(
    file: TensorFile,
    signal: AbortSignal,
    listener: ReadListener,
  ): Promise<Result<KeptFile>> {
    const place = placeOf(file);
    const known = this.kept.get(place);
    if (known !== undefined) {
      known.users++;
      const holds = await known.stamps.hold(file);
      if (this.kept.get(place) === known) {
        this.kept.delete(place);
        if (holds) this.kept.set(place, known);
      }
      if (holds) return ok(known);
      await this.leave(file, known);
    }
    const listeners = new Set([listener]);
    const fresh = await this.list(file, listeners, signal);
    listeners.delete(listener);
    if (fresh.ok) {
      const other = this.kept.get(place);
      this.kept.set(place, fresh.value);
      if (other !== undefined) await closeUnused(other);
    }
    return fresh;
  }

  /** One user less; where another file has taken its place meanwhile, the last one closes it. */
  private async leave(file: TensorFile, used: KeptFile): Promise<void> {
    used.users--;
    if (this.kept.get(placeOf(file)) !== used) await closeUnused(used);
  }

  private async list(
    file: TensorFile,
    listeners: Set<ReadListener>,
    signal: AbortSignal,
  ): Promise<Result<KeptFile>> {
    const stamps = await FileStamps.of(file);
    const opened = await this.source(file);
    if (!opened.ok) return opened;
    const source = watchedSource(stamps.watching(file, opened.value), bytes => {
      for (const listener of listeners) listener(bytes);
    });
    const catalog = await openCatalog(source, nodeServices, signal);
    if (!catalog.ok) {
      await source.close();
      return catalog;
    }
    const layers = findLayers(catalog.value);
    const { name } = source;
    const { beside } = stamps;
    return ok({
      name,
      source,
      catalog: catalog.value,
      layers,
      beside,
      stamps,
      listeners,
      users: 1,
    });
  }

  private source(file: TensorFile): Promise<Result<ByteSource>> {
    return file.kind === 'file'
      ? openFile(file.path)
      : guarded(file.name, () => virtualSource(this.host, file.uri, file.name));
  }

  private async trim(most: number): Promise<void> {
    for (const [place, file] of this.kept) {
      if (this.kept.size <= most) return;
      if (file.users > 0) continue;
      this.kept.delete(place);
      await closeUnused(file);
    }
  }

  private restTimer(): void {
    clearTimeout(this.timer);
    // An idle engine keeps no process alive, and no file that somebody wants to remove.
    this.timer = setTimeout(() => void this.trim(0), keptFor).unref();
  }
}

function placeOf(file: TensorFile): string {
  return file.kind === 'file' ? `file ${file.path}` : `virtual ${file.uri}`;
}

/** Whoever still reads it closes it afterwards. */
async function closeUnused(file: KeptFile): Promise<void> {
  if (file.users > 0) return;
  file.catalog.close?.();
  await file.source.close();
}
