import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLocal } from '../../../../src/host/recordings/localBytes';
import { RecordingFile } from '../../../../src/host/recordings/recordingFile';
import { lineOf, MemoryFile } from './memoryFile';

const stepsIn = (file: RecordingFile): number[] => [
  ...(file.reader.layer('bn1')?.points('movingMean', 0).steps ?? []),
];

describe('a recording on disk', () => {
  it('is followed by reading what is new', async () => {
    const memory = new MemoryFile();
    const file = new RecordingFile('file:///run.jsonl', memory.open);
    let changes = 0;
    file.onChanged(() => changes++);
    memory.text = Array.from({ length: 500 }, (_, step) => lineOf(step)).join('');
    await file.refresh();
    expect(file.reader.counts.good).toBe(500);
    const before = memory.bytesRead;
    memory.text += lineOf(500) + lineOf(501).slice(0, 9);
    await file.refresh();
    expect(file.reader.counts).toMatchObject({ good: 501, unfinished: true });
    // The new line, and the head that tells the file from another.
    expect(memory.bytesRead - before).toBeLessThan(4096 + 200);
    expect(changes).toBe(2);
    await file.refresh();
    expect(changes).toBe(2);
    expect(file.startedOver).toBe(0);
  });

  it.each([
    ['cut off', lineOf(7)],
    ['replaced by a longer one', Array.from({ length: 9 }, (_, i) => lineOf(i + 7)).join('')],
  ])('starts over where the file was %s', async (_, text) => {
    const memory = new MemoryFile();
    const file = new RecordingFile('file:///run.jsonl', memory.open);
    memory.text = lineOf(1) + lineOf(2);
    await file.refresh();
    memory.text = text;
    await file.refresh();
    expect(file.startedOver).toBe(1);
    expect(stepsIn(file)[0]).toBe(7);
  });

  it('stays as it was while there is no file, and says so', async () => {
    const memory = new MemoryFile();
    const file = new RecordingFile('file:///run.jsonl', memory.open);
    memory.text = lineOf(1);
    await file.refresh();
    memory.missing = true;
    await file.refresh();
    expect(file.problem).toBe('The file is not there: it was moved, renamed or deleted.');
    expect(stepsIn(file)).toEqual([1]);
    memory.missing = false;
    memory.text += lineOf(2);
    await file.refresh();
    expect(file.problem).toBe('');
    expect(stepsIn(file)).toEqual([1, 2]);
    expect(file.startedOver).toBe(0);
  });

  it('goes on after bytes that could not be taken', async () => {
    const memory = new MemoryFile();
    const file = new RecordingFile('file:///run.jsonl', memory.open);
    memory.text = lineOf(1);
    await file.refresh();
    const { reader } = file;
    const feed = reader.feed.bind(reader);
    reader.feed = () => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    memory.text += lineOf(2);
    await file.refresh();
    expect(file.problem).toContain('Maximum call stack size exceeded');
    reader.feed = feed;
    memory.text += lineOf(3);
    await file.refresh();
    expect(file.problem).toBe('');
    expect(stepsIn(file)).toEqual([1, 3]);
  });

  it('reads once more for whatever is asked while it reads', async () => {
    const memory = new MemoryFile();
    const file = new RecordingFile('file:///run.jsonl', memory.open);
    memory.text = lineOf(1);
    const first = file.refresh();
    memory.text += lineOf(2);
    await Promise.all([first, file.refresh(), file.refresh()]);
    expect(stepsIn(file)).toEqual([1, 2]);
  });

  it('is read by ranges on this machine', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'recording-'));
    try {
      const name = path.join(folder, 'run.jsonl');
      writeFileSync(name, lineOf(1));
      const file = new RecordingFile(name, openLocal);
      await file.refresh();
      appendFileSync(name, lineOf(2));
      await file.refresh();
      expect(stepsIn(file)).toEqual([1, 2]);
      rmSync(name);
      await file.refresh();
      expect(file.problem).toContain('is not there');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
