import type { Disposable } from '../lifecycle';

/**
 * Watches files of one folder on its disk.
 * @param folder its address
 * @param names of the files in it, at least one
 * @param changed told which of them changed, came or went
 */
export type WatchFolder = (
  folder: string,
  names: ReadonlySet<string>,
  changed: (name: string) => void,
) => Disposable;

interface WatchedFolder extends Disposable {
  readonly names: ReadonlySet<string>;
}

/** Watches a set of files that changes meanwhile, with one watcher a folder: a model may have thousands of shards. */
export class FileWatches implements Disposable {
  readonly #folders = new Map<string, WatchedFolder>();

  constructor(
    private readonly watchFolder: WatchFolder,
    private readonly changed: (uri: string) => void,
  ) {}

  /** Watches these files from now on, and no others. */
  follow(uris: readonly string[]): void {
    const wanted = byFolder(uris);
    for (const [folder, watched] of this.#folders) {
      if (sameNames(watched.names, wanted.get(folder))) continue;
      watched.dispose();
      this.#folders.delete(folder);
    }
    for (const [folder, names] of wanted) {
      if (this.#folders.has(folder)) continue;
      const watcher = this.watchFolder(folder, names, name => this.changed(`${folder}/${name}`));
      this.#folders.set(folder, { names, dispose: () => watcher.dispose() });
    }
  }

  dispose(): void {
    for (const watched of this.#folders.values()) watched.dispose();
    this.#folders.clear();
  }
}

/** Names of files as addresses spell them, by the address of their folder. */
function byFolder(uris: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>();
  for (const uri of uris) {
    const slash = uri.lastIndexOf('/');
    // An untitled document has no folder.
    if (slash < 0) continue;
    const folder = uri.slice(0, slash);
    const names = folders.get(folder) ?? new Set<string>();
    names.add(uri.slice(slash + 1));
    folders.set(folder, names);
  }
  return folders;
}

function sameNames(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return a.size === b?.size && [...a].every(name => b.has(name));
}
