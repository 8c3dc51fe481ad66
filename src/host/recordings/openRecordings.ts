import { DisposableStore, Emitter, Throttle, type Disposable } from '../lifecycle';
import type { OpenFile } from './recordingBytes';
import { RecordingFile } from './recordingFile';

/** Watches one file; told when it changed, came or went. */
export type WatchFile = (uri: string, changed: () => void) => Disposable;

/** A log that is written all the time is read at most this often, in milliseconds. */
const readEvery = 250;

/** A watcher takes a while to begin: what was written meanwhile is read after so many milliseconds. */
const lookAgainAfter = [1000, 4000];

interface Entry {
  readonly file: RecordingFile;
  readonly store: DisposableStore;
  users: number;
}

/** The recordings that somebody looks at, each read and watched once. */
export class OpenRecordings implements Disposable {
  readonly #open: OpenFile;
  readonly #watch: WatchFile;
  readonly #entries = new Map<string, Entry>();

  constructor(open: OpenFile, watch: WatchFile) {
    this.#open = open;
    this.#watch = watch;
  }

  /** Reads and follows a file until what is returned is disposed. */
  follow(uri: string): Disposable & { readonly file: RecordingFile } {
    const entry = this.#entries.get(uri) ?? this.#start(uri);
    entry.users++;
    let done = false;
    const dispose = (): void => {
      if (done) return;
      done = true;
      if (--entry.users > 0) return;
      entry.store.dispose();
      this.#entries.delete(uri);
    };
    return { file: entry.file, dispose };
  }

  dispose(): void {
    for (const { store } of this.#entries.values()) store.dispose();
    this.#entries.clear();
  }

  #start(uri: string): Entry {
    const store = new DisposableStore();
    const file = store.add(new RecordingFile(uri, this.#open));
    const read = store.add(new Throttle(() => void file.refresh(), readEvery));
    store.add(this.#watch(uri, () => read.run()));
    read.run();
    for (const delay of lookAgainAfter) {
      const timer = setTimeout(() => read.run(), delay);
      store.onDispose(() => clearTimeout(timer));
    }
    const entry: Entry = { file, store, users: 0 };
    this.#entries.set(uri, entry);
    return entry;
  }
}

/** The recordings that one page draws. */
export class RecordingShelf implements Disposable {
  readonly #open: OpenRecordings;
  readonly #followed = new Map<string, Disposable & { readonly file: RecordingFile }>();
  readonly #changed = new Emitter<null>();
  #revision = 0;

  constructor(open: OpenRecordings) {
    this.#open = open;
  }

  /** Fires when one of them has more to show, or something else. */
  readonly onChanged = this.#changed.on;

  /** Another number whenever there is something new in one of them. */
  get revision(): number {
    return this.#revision;
  }

  /** Follows these from now on and no others; resolves when each has been read once. */
  async keep(uris: readonly string[]): Promise<void> {
    for (const [uri, followed] of this.#followed) {
      if (uris.includes(uri)) continue;
      followed.dispose();
      this.#followed.delete(uri);
    }
    for (const uri of uris) if (!this.#followed.has(uri)) this.#begin(uri);
    const unread = [...this.#followed.values()].filter(({ file }) => !file.loaded);
    await Promise.all(unread.map(({ file }) => file.refresh()));
  }

  get(uri: string): RecordingFile | undefined {
    return this.#followed.get(uri)?.file;
  }

  dispose(): void {
    for (const followed of this.#followed.values()) followed.dispose();
    this.#followed.clear();
    this.#changed.dispose();
  }

  #begin(uri: string): void {
    const followed = this.#open.follow(uri);
    const listening = followed.file.onChanged(() => {
      this.#revision++;
      this.#changed.fire(null);
    });
    const dispose = (): void => {
      listening.dispose();
      followed.dispose();
    };
    this.#followed.set(uri, { file: followed.file, dispose });
  }
}
