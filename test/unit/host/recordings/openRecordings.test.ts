import { afterEach, describe, expect, it, vi } from 'vitest';
import { OpenRecordings, RecordingShelf } from '../../../../src/host/recordings/openRecordings';
import { lineOf, MemoryFile } from './memoryFile';

/** A recording, and who watches it. */
function scene(): { open: OpenRecordings; memory: MemoryFile; watched: Map<string, () => void> } {
  const memory = new MemoryFile();
  memory.text = lineOf(1);
  const watched = new Map<string, () => void>();
  const open = new OpenRecordings(memory.open, (uri, changed) => {
    watched.set(uri, changed);
    return { dispose: () => watched.delete(uri) };
  });
  return { open, memory, watched };
}

describe('open recordings', () => {
  afterEach(() => void vi.useRealTimers());

  it('are looked at again where a watcher may not have begun when they grew', async () => {
    vi.useFakeTimers();
    const { open, memory } = scene();
    const followed = open.follow('a');
    await vi.advanceTimersByTimeAsync(500);
    memory.text += lineOf(2);
    await vi.advanceTimersByTimeAsync(800);
    expect(followed.file.reader.counts.good).toBe(2);
    followed.dispose();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are read once however many follow them, and watched while somebody does', () => {
    const { open, watched } = scene();
    const first = open.follow('a');
    const second = open.follow('a');
    expect(second.file).toBe(first.file);
    first.dispose();
    first.dispose();
    expect([...watched.keys()]).toEqual(['a']);
    second.dispose();
    expect(watched.size).toBe(0);
    expect(open.follow('a').file).not.toBe(first.file);
  });
});

describe('the recordings of a page', () => {
  it('are there once they have been read, and go when they are not wanted any more', async () => {
    const { open, watched } = scene();
    const shelf = new RecordingShelf(open);
    await shelf.keep(['a', 'b']);
    expect(shelf.get('a')?.reader.counts.good).toBe(1);
    await shelf.keep(['b']);
    expect(shelf.get('a')).toBeUndefined();
    expect([...watched.keys()]).toEqual(['b']);
    shelf.dispose();
    expect(watched.size).toBe(0);
  });

  it('tell when one of them grows', async () => {
    const { open, memory, watched } = scene();
    const shelf = new RecordingShelf(open);
    await shelf.keep(['a']);
    const before = shelf.revision;
    const grown = new Promise(resolve => shelf.onChanged(resolve));
    memory.text += lineOf(2);
    watched.get('a')?.();
    await grown;
    expect(shelf.revision).toBeGreaterThan(before);
    expect(shelf.get('a')?.reader.counts.good).toBe(2);
    shelf.dispose();
  });
});
