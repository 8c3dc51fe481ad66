import { expect, it } from 'vitest';
import { recordingProblems, seriesNotes } from '../../../../src/host/recordings/describeRecording';
import { RecordingFile } from '../../../../src/host/recordings/recordingFile';
import { lineOf, MemoryFile } from './memoryFile';

async function read(...texts: readonly string[]): Promise<RecordingFile> {
  const memory = new MemoryFile();
  const file = new RecordingFile('file:///run.jsonl', memory.open);
  for (const text of texts) {
    memory.text = text;
    await file.refresh();
  }
  return file;
}

it('has nothing to say of a recording that is whole', async () => {
  const file = await read(lineOf(1) + lineOf(2));
  expect(recordingProblems(file)).toBe('');
  expect(file.reader.layers.map(seriesNotes)).toEqual(['']);
});

it('counts the lines that were left out, and names the first', async () => {
  expect(recordingProblems(await read(`${lineOf(1)}oops\n${lineOf(2)}`))).toBe(
    '1 line was left out: line 2, it is not JSON on one line.',
  );
  expect(recordingProblems(await read(`{}\noops\n${lineOf(2)}`))).toBe(
    '2 lines were left out; the first is line 1: its step is missing: give a whole number of at least 0.',
  );
});

it('says of which layers nothing is kept', async () => {
  const wide = Array.from({ length: 9 }, (_, layer) =>
    lineOf(0, `wide ${layer}`, new Array<number>(100_000).fill(0.5)),
  );
  expect(recordingProblems(await read(`oops\n${wide.join('')}`))).toBe(
    '1 line was left out: line 1, it is not JSON on one line. 5 lines were left out; the first is line 6: there is no room for the 100,000 channels of layer wide 4 beside those before it: record fewer layers in one file.',
  );
});

it('says that the file is another one', async () => {
  expect(recordingProblems(await read(lineOf(1) + lineOf(2), lineOf(5)))).toBe(
    'The file was replaced or cut off: it was read again from its start.',
  );
});

it('says that a series was thinned, and goes back', async () => {
  const lines = Array.from({ length: 30_001 }, (_, step) => lineOf(step));
  lines.push(lineOf(4));
  const file = await read(lines.join(''));
  expect(file.reader.layers.map(seriesNotes)).toEqual([
    "Of 30,002 lines 15,002 are kept, one in 2, with each channel's lowest and highest. 1 line goes back in the steps: the last line of a step counts.",
  ]);
});
