import { describe, expect, it } from 'vitest';
import {
  looksLikeRecording,
  recordingLimits,
  RecordingReader,
  type RecordingLimits,
} from '../../../../src/core/recording/reader';
import { printedSeed, Random } from '../../../property/random';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const lineOf = (step: number, layer = 'bn1', values: readonly number[] = [step, -step]): string =>
  `${JSON.stringify({ step, layer, n: 8, movingMean: values, batchMean: values })}\n`;

function readerOf(text: string, limits: Partial<RecordingLimits> = {}): RecordingReader {
  const reader = new RecordingReader({ ...recordingLimits, ...limits });
  reader.feed(bytes(text));
  reader.pause();
  return reader;
}

/** Everything that can be asked of a reader. */
function contents(reader: RecordingReader): unknown {
  return [
    reader.counts,
    reader.layers.map(({ name, channels, lines, outOfOrder }) => [
      [name, channels, lines, outOfOrder],
      reader.layer(name)?.points('movingMean', 0),
      reader.layer(name)?.points('batchMean', channels - 1),
    ]),
  ];
}

describe('a recording', () => {
  it('keeps its layers apart', () => {
    const reader = readerOf(lineOf(0) + lineOf(0, 'größe') + lineOf(1) + lineOf(1, 'größe'));
    expect(reader.layers.map(({ name, lines }) => [name, lines])).toEqual([
      ['bn1', 2],
      ['größe', 2],
    ]);
    expect(reader.counts).toEqual({ good: 4, bad: 0, firstBad: undefined, unfinished: false });
  });

  it('shows the good lines, counts the bad, and says what is wrong with the first', () => {
    const text = `\n${lineOf(0)}oops\r\n${lineOf(1)}{"step":2}\n${lineOf(3, 'bn1', [1])}${lineOf(4)}`;
    const reader = readerOf(text);
    expect(reader.counts).toMatchObject({ good: 3, bad: 3 });
    expect(reader.counts.firstBad).toEqual({ line: 3, reason: 'it is not JSON on one line' });
    expect([...(reader.layer('bn1')?.points('movingMean', 0).steps ?? [])]).toEqual([0, 1, 4]);
  });

  it('says that a layer has another number of channels', () => {
    const { firstBad } = readerOf(lineOf(0) + lineOf(1, 'bn1', [1, 2, 3])).counts;
    expect(firstBad).toEqual({
      line: 2,
      reason: 'it has 3 channels, and layer bn1 had 2 before',
    });
  });

  it('waits for the end of a line that is being written', () => {
    const line = lineOf(1);
    const reader = readerOf(lineOf(0) + line.slice(0, 30));
    expect(reader.counts).toMatchObject({ good: 1, bad: 0, unfinished: true });
    reader.feed(bytes(line.slice(30)));
    reader.pause();
    expect(reader.counts).toMatchObject({ good: 2, bad: 0, unfinished: false });
  });

  it('takes a whole last line without its line feed, once', () => {
    const reader = readerOf((lineOf(0) + lineOf(1)).trimEnd());
    expect(reader.counts).toMatchObject({ good: 2, unfinished: false });
    reader.feed(bytes(`\n${lineOf(2)}nonsense\n`));
    expect(reader.counts).toMatchObject({ good: 3, bad: 1, firstBad: { line: 4 } });
  });

  it('is the same in whatever pieces it comes', () => {
    const seed = printedSeed('recording');
    const random = new Random(seed);
    const text =
      Array.from({ length: 60 }, (_, step) =>
        random.next() < 0.1 ? `brökeñ ${step}\n` : lineOf(step, random.pick(['a', 'größe', '层'])),
      ).join('') + lineOf(99).slice(0, 20);
    const whole = contents(readerOf(text));
    const all = bytes(text);
    for (let run = 0; run < 40; run++) {
      const reader = new RecordingReader();
      for (let at = 0; at < all.length;) {
        const length = random.integer(1, random.pick([3, 50, 900]));
        reader.feed(all.subarray(at, at + length));
        if (random.boolean()) reader.pause();
        at += length;
      }
      reader.pause();
      expect(contents(reader), `seed ${seed}`).toEqual(whole);
    }
  });

  it('holds no more numbers than it may, and thins the largest layer first', () => {
    const reader = new RecordingReader({ ...recordingLimits, numbers: 1000 });
    for (let step = 0; step < 2000; step++) {
      reader.feed(bytes(lineOf(step)));
      if (step < 5) reader.feed(bytes(lineOf(step, 'small')));
    }
    const held = reader.layers.reduce((sum, { size }) => sum + size, 0);
    expect(held).toBeLessThanOrEqual(1000);
    expect(held).toBeGreaterThan(400);
    expect(reader.layer('small')).toMatchObject({ kept: 5, stride: 1 });
    expect(reader.layer('bn1')?.stride).toBeGreaterThan(1);
    expect(reader.layer('bn1')?.points('movingMean', 0).steps.at(-1)).toBe(1999);
    expect(reader.counts.good).toBe(2005);
  });

  it('refuses lines that are too long, and more layers than there may be', () => {
    const reader = readerOf(`${lineOf(0)}${'x'.repeat(500)}\n${lineOf(1)}`, { lineLength: 200 });
    expect(reader.counts).toMatchObject({
      good: 2,
      bad: 1,
      firstBad: { line: 2, reason: 'it has more than 200 characters' },
    });
    const long = `{"step":1,"layer":"a","note":"${'x'.repeat(recordingLimits.lineLength)}"}\n`;
    expect(readerOf(lineOf(0) + long + lineOf(1)).counts).toMatchObject({
      good: 2,
      bad: 1,
      firstBad: { line: 2, reason: 'it has more than 4,194,304 characters' },
    });
    const crowded = readerOf(lineOf(0, 'a') + lineOf(0, 'b') + lineOf(0, 'c'), { layers: 2 });
    expect(crowded.counts.firstBad).toEqual({ line: 3, reason: 'there are more than 2 layers' });
  });
});

describe('a file that begins like a recording', () => {
  it.each([
    [lineOf(3), true],
    [`\n\n${lineOf(3).slice(0, 60)}`, true],
    ['{"a": [[1, 2]]}\n', false],
    ['[[1,2],[3,4]]\n', false],
    [`{"step": 1, "layer": "a"}\n${lineOf(1)}`, false],
    ['', false],
  ])('%j', (text, is) => {
    expect(looksLikeRecording(text)).toBe(is);
  });
});
