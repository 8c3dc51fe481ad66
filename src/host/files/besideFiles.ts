import { ok, type Result } from '../../core/problem';
import type { Beside, TensorFile } from '../../protocol/engineFiles';
import type { FileBeside, FileStamp } from './fileEngine';
import type { FilePlaces } from './filePlaces';

/** Files that are asked about at once. */
const mostAtOnce = 32;

/** The latest time and all of the bytes of files together. @returns undefined where the first is gone */
export async function stampTogether(
  places: FilePlaces,
  uri: string,
  beside: readonly string[],
): Promise<FileStamp | undefined> {
  const own = await places.stamp(uri);
  if (own === undefined) return undefined;
  let { size, changed } = own;
  for (const stamp of await stampsOf(places, beside)) {
    size += stamp?.size ?? 0;
    changed = Math.max(changed, stamp?.changed ?? 0);
  }
  return { size, changed };
}

async function stampsOf(
  places: FilePlaces,
  uris: readonly string[],
): Promise<(FileStamp | undefined)[]> {
  const stamps: (FileStamp | undefined)[] = [];
  for (let start = 0; start < uris.length; start += mostAtOnce) {
    const some = uris.slice(start, start + mostAtOnce);
    stamps.push(...(await Promise.all(some.map(uri => places.stamp(uri)))));
  }
  return stamps;
}

interface Known {
  readonly beside: readonly string[];
  /** Of the files beside it, when they were last looked at. */
  readonly stamp: string;
  /** Counts the changes of them. */
  readonly changes: number;
}

/**
 * Where files are, with revisions that are those of their shards too. The engine looks after files of this
 * machine itself; of others it is told by their revision alone.
 */
export class BesideFiles {
  readonly #places: FilePlaces;
  readonly #known = new Map<string, Known>();

  constructor(places: FilePlaces) {
    this.#places = places;
  }

  async locate(uri: string): Promise<Result<TensorFile>> {
    const located = await this.#places.locate(uri);
    const known = this.#known.get(uri);
    if (!located.ok || located.value.kind !== 'virtual' || !known) return located;
    const stamp = await this.#stampOf(known.beside);
    const changes = known.changes + (stamp === known.stamp ? 0 : 1);
    this.#known.set(uri, { ...known, stamp, changes });
    const { revision } = located.value;
    return ok({
      ...located.value,
      revision: changes === 0 ? revision : `${revision} ${changes}`,
    });
  }

  /** Takes down what was read with a file. @returns the addresses of it */
  async found(uri: string, file: TensorFile, { beside: paths }: Beside): Promise<FileBeside> {
    const beside = paths.map(path => this.#places.beside(uri, path));
    if (file.kind === 'virtual' && beside.length > 0) {
      const { changes = 0, beside: before = [] } = this.#known.get(uri) ?? {};
      if (before.join('\n') !== beside.join('\n')) {
        this.#known.set(uri, { beside, stamp: await this.#stampOf(beside), changes });
      }
    }
    return { beside };
  }

  async #stampOf(beside: readonly string[]): Promise<string> {
    const stamps = await stampsOf(this.#places, beside);
    return stamps.map(stamp => (stamp ? `${stamp.size} ${stamp.changed}` : '-')).join(' ');
  }
}
