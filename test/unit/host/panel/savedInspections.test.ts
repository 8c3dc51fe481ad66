import { describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { SavedInspections } from '../../../../src/host/panel/savedInspections';
import { openSession } from '../inspection/openSession';

/** The workspace's storage, in memory. */
class MemoryStorage implements Pick<Memento, 'get' | 'update'> {
  readonly values = new Map<string, unknown>();

  readonly get: Memento['get'] = (key: string): never => this.values.get(key) as never;

  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

const pageState = (id: string): unknown => ({ restore: { id } });

describe('what is kept of open inspections', () => {
  it('is found by what the page remembers, and gone once the inspection is closed', async () => {
    const saved = new SavedInspections(new MemoryStorage());
    const { session } = await openSession();
    saved.keep(session).dispose();
    expect(saved.find(pageState(session.id))?.saved.source).toEqual(session.source);
    saved.forget(session);
    expect(saved.find(pageState(session.id))).toBeUndefined();
    expect(saved.find({ restore: { id: 3 } })).toBeUndefined();
    session.dispose();
  });

  it('outlives any number of others that are opened and closed', async () => {
    const storage = new MemoryStorage();
    const saved = new SavedInspections(storage);
    const { session } = await openSession();
    saved.keep(session).dispose();
    const other = await openSession();
    for (let k = 0; k < 60; k++) {
      Object.defineProperty(other.session, 'id', { value: `other ${k}` });
      saved.keep(other.session).dispose();
      saved.forget(other.session);
      await Promise.resolve();
    }
    expect(saved.find(pageState(session.id))).toBeDefined();
    expect(storage.values.get('normscope.inspections')).toEqual([session.id]);
    session.dispose();
    other.session.dispose();
  });
});
