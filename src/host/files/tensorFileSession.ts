import type { Convention } from '../../core/batchnorm/convention';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import type {
  FileItem,
  FileListing,
  FileState,
  FileView,
  HealthUpdate,
} from '../../protocol/tensorFile';
import { baseName } from '../inspection/source';
import { DisposableStore, Debouncer, Emitter, type Disposable } from '../lifecycle';
import { listingChanges } from './fileChanges';
import type { FileContents, FileStamp, TensorFiles } from './fileEngine';
import { HealthCheck } from './healthCheck';
import { settleDelay, WriteWatch } from './writeWatch';

export interface FileServices {
  readonly files: TensorFiles;
  /** Where the file is, for a person. */
  readonly describe: (uri: string) => string;
  /** The convention of layers that state none. */
  readonly fallback: (uri: string) => Convention;
}

interface Shown {
  readonly contents: FileContents;
  readonly listing: FileListing;
}

/**
 * One open tensor file: what it holds, followed as it changes on disk. The last good view stays until there
 * is a better one. Nothing but names is read, apart from the parameters of layers, in the background.
 */
export class TensorFileSession implements Disposable {
  readonly #services: FileServices;
  readonly #states = new Emitter<FileState>();
  readonly #selections = new Emitter<FileItem | null>();
  readonly #store = new DisposableStore();
  readonly #watch: WriteWatch;
  readonly #health: HealthCheck;
  readonly #again: Debouncer;
  #reading = new AbortController();
  #refreshing: Promise<void> = Promise.resolve();
  #shown: Shown | undefined;
  #changes: readonly string[] = [];
  #banner: FileView['banner'] = null;
  #failure: Problem | undefined;
  #writing = false;
  #version = 0;
  #selected: FileItem | null = null;
  /** False from when the user stopped the checks until they ask for them again. */
  #checks = true;

  constructor(
    services: FileServices,
    readonly uri: string,
  ) {
    this.#services = services;
    this.#watch = new WriteWatch(() => services.files.stamp(uri, this.beside));
    this.#again = this.#store.add(new Debouncer(() => void this.refresh()));
    const read = (name: string, signal: AbortSignal): ReturnType<TensorFiles['layer']> =>
      services.files.layer(uri, name, signal, true);
    this.#health = this.#store.add(
      new HealthCheck(
        read,
        () => services.fallback(uri),
        () => this.#emit(),
      ),
    );
    this.#store.add(this.#states);
    this.#store.add(this.#selections);
    this.onState = this.#states.on;
    this.onSelected = this.#selections.on;
    this.onHealth = this.#health.onUpdate;
  }

  readonly onState: Emitter<FileState>['on'];
  readonly onHealth: Emitter<HealthUpdate>['on'];
  readonly onSelected: Emitter<FileItem | null>['on'];

  /** The row that commands mean. */
  get selected(): FileItem | null {
    return this.#selected;
  }

  select(item: FileItem | null): void {
    this.#selected = item;
    this.#selections.fire(item);
  }

  get title(): string {
    return baseName(this.uri);
  }

  /** What the file held when it could last be read. */
  get contents(): FileContents | undefined {
    return this.#shown?.contents;
  }

  /** Addresses of the files beside it that it refers to: shards. */
  get beside(): readonly string[] {
    return this.contents?.beside ?? [];
  }

  get state(): FileState {
    const shown = this.#shown;
    if (shown) return { kind: 'ready', view: this.#view(shown) };
    if (this.#failure) {
      return { kind: 'failed', title: `Cannot list ${this.title}`, problem: this.#failure };
    }
    return {
      kind: 'loading',
      what: this.#writing
        ? `${this.title} is being written: it is read again once it settles…`
        : `Listing ${this.title}…`,
    };
  }

  listing(): Result<FileListing> {
    return this.#shown
      ? ok(this.#shown.listing)
      : fail('nothing-open', 'The file has not been listed yet.');
  }

  /** How far the checks of the layers are. */
  get checks(): FileView['health'] {
    return this.#health.progress;
  }

  health(): HealthUpdate {
    return this.#health.known;
  }

  /** Starts or stops looking at the parameters of the layers. */
  checkHealth(on: boolean): void {
    this.#checks = on;
    this.showTo(on);
  }

  /** @param anyone whether any page of the file is in sight: while nobody looks, checks can wait */
  showTo(anyone: boolean): void {
    if (!anyone) this.#health.stop();
    else if (this.#checks) this.#health.start();
  }

  /** Reads the file, anew if need be. Newest wins. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refresh();
    return this.#refreshing;
  }

  /** Resolves when the file has been listed, or could not be. */
  listed(): Promise<void> {
    return this.#refreshing;
  }

  /** Resolves when what was under way last is done. */
  async settled(): Promise<void> {
    await this.#refreshing;
    await this.#health.settled();
  }

  dispose(): void {
    this.#reading.abort();
    this.#store.dispose();
  }

  async #refresh(): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { files } = this.#services;
    const before = await files.stamp(this.uri);
    const listed = await files.list(this.uri, signal);
    if (signal.aborted) return;
    if (listed.ok) await this.#adoptFrom(before, listed.value, signal);
    else await this.#broken(listed.problem, signal);
  }

  async #adoptFrom(
    before: FileStamp | undefined,
    contents: FileContents,
    signal: AbortSignal,
  ): Promise<void> {
    this.#watch.succeeded();
    this.#adopt(contents);
    const after = await this.#services.files.stamp(this.uri);
    // Written while it was read: what was listed is not what is there.
    const same = before?.size === after?.size && before?.changed === after?.changed;
    if (!signal.aborted && !same) this.#again.run(settleDelay);
  }

  async #broken(problem: Problem, signal: AbortSignal): Promise<void> {
    if (problem.code === 'cancelled') return;
    this.#writing = await this.#watch.isBeingWritten(problem);
    if (signal.aborted) return;
    this.#banner = { kind: this.#writing ? 'writing' : 'broken', problem };
    this.#failure = this.#writing ? undefined : problem;
    if (this.#writing) this.#again.run(settleDelay);
    this.#emit();
  }

  #adopt(contents: FileContents): void {
    const { tensors, layers } = contents;
    const before = this.#shown;
    const listing: FileListing = { version: ++this.#version, tensors, layers };
    this.#changes = before ? listingChanges(before.listing, listing) : [];
    this.#shown = { contents, listing };
    this.#banner = null;
    this.#failure = undefined;
    this.#writing = false;
    this.#health.list(listing);
    if (this.#checks) this.#health.start();
    this.#emit();
  }

  #emit(): void {
    if (!this.#store.disposed) this.#states.fire(this.state);
  }

  #view({ contents, listing }: Shown): FileView {
    const moved = this.#health.moved;
    return {
      title: this.title,
      source: this.#services.describe(this.uri),
      format: contents.format,
      bytes: contents.bytes,
      listing: listing.version,
      tensors: listing.tensors.length,
      layers: listing.layers.length,
      notes: contents.notes,
      banner: this.#banner,
      changes: moved === '' ? this.#changes : [...this.#changes, moved],
      health: this.#health.progress,
    };
  }
}
