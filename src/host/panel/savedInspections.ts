import type * as vscode from 'vscode';
import { parseSavedInspection } from '../inspection/saved';
import type { InspectionSession } from '../inspection/session';
import type { KeptInspection } from '../inspection/sessionServices';
import { isRecord } from '../guards';
import { DisposableStore, Throttle, type Disposable } from '../lifecycle';

const prefix = 'normscope.inspection.';
const indexKey = 'normscope.inspections';
const maximumKept = 50;

/** A change is written at once, for the window may be reloaded at any time; a burst of them once in this many milliseconds. */
const writeInterval = 250;

type Storage = Pick<vscode.Memento, 'get' | 'update'>;

/**
 * Keeps what open inspections are in the workspace's storage, and not in the page: a hidden page cannot
 * be told of what happens meanwhile. The page keeps the id alone.
 */
export class SavedInspections {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Writes the session now and whenever it changes, until the returned object is disposed. */
  keep(session: InspectionSession): Disposable {
    const store = new DisposableStore();
    const write = (): void => void this.#storage.update(prefix + session.id, session.save());
    const changed = store.add(new Throttle(write, writeInterval));
    store.add(session.onState(() => changed.run()));
    write();
    void this.#remember(session.id);
    return store;
  }

  /** Forgets a closed inspection. */
  forget(session: InspectionSession): void {
    void this.#storage.update(prefix + session.id, undefined);
    void this.#storage.update(
      indexKey,
      this.#known().filter(id => id !== session.id),
    );
  }

  /** What the page's state refers to; undefined where there is no such thing any more. */
  find(pageState: unknown): KeptInspection | undefined {
    const restore = isRecord(pageState) ? pageState.restore : undefined;
    const id = isRecord(restore) ? restore.id : undefined;
    if (typeof id !== 'string') return undefined;
    const saved = parseSavedInspection(this.#storage.get<unknown>(prefix + id));
    return saved && { id, saved };
  }

  /** A panel that was closed unseen leaves its inspection behind; only the latest ones stay. */
  async #remember(id: string): Promise<void> {
    const latest = [id, ...this.#known().filter(other => other !== id)];
    await this.#storage.update(indexKey, latest.slice(0, maximumKept));
    for (const old of latest.slice(maximumKept))
      await this.#storage.update(prefix + old, undefined);
  }

  #known(): readonly string[] {
    const known = this.#storage.get<unknown>(indexKey);
    return Array.isArray(known) ? known.filter(id => typeof id === 'string') : [];
  }
}
