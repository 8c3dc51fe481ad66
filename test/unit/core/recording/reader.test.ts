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

const heldBy = (reader: RecordingReader): number =>
  reader.layers.reduce((sum, { size }) => sum + size, 0);

describe('a recording', () => {
  it('keeps its layers apart', () => {
    const reader = readerOf(lineOf(0) + lineOf(0, 'größe') + lineOf(1) + lineOf(1, 'größe'));
    expect(reader.layers.map(({ name, lines }) => [name, lines])).toEqual([
      ['bn1', 2],
      ['größe', 2],
    ]);
    expect(reader.counts).toEqual({
      ...{ good: 4, bad: 0, firstBad: undefined, full: 0, firstFull: undefined },
      unfinished: false,
    });
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
    const reader = new RecordingReader({ ...recordingLimits, numbers: 20_000 });
    for (let step = 0; step < 2000; step++) {
      reader.feed(bytes(lineOf(step)));
      if (step < 5) reader.feed(bytes(lineOf(step, 'small')));
    }
    expect(heldBy(reader)).toBeLessThanOrEqual(20_000);
    expect(heldBy(reader)).toBeGreaterThan(8_000);
    expect(reader.layer('small')).toMatchObject({ kept: 5, stride: 1 });
    expect(reader.layer('bn1')?.stride).toBeGreaterThan(1);
    expect(reader.layer('bn1')?.points('movingMean', 0).steps.at(-1)).toBe(1999);
    expect(reader.counts.good).toBe(2005);
  });

  it('counts what is kept of wide layers, and leaves out those for which there is no room', () => {
    const names = Array.from({ length: 30 }, (_, layer) => `wide ${layer}`);
    const lines = (step: number): string =>
      names.map(name => lineOf(step, name, new Array<number>(1000).fill(step))).join('');
    const text = Array.from({ length: 20 }, (_, step) => lines(step)).join('') + lineOf(7, 'small');
    const reader = readerOf(text, { numbers: 100_100 });
    expect(heldBy(reader)).toBeLessThanOrEqual(100_100);
    // Two arrays of 1,036 numbers, their extremes and four lines: six layers of 30.
    expect(reader.layers.map(({ name }) => name)).toEqual([...names.slice(0, 6), 'small']);
    expect(reader.counts).toMatchObject({ good: 6 * 20 + 1, bad: 0, full: 24 * 20 });
    expect(reader.counts.firstFull).toEqual({
      line: 7,
      reason:
        'there is no room for the 1,000 channels of layer wide 6 beside those before it: record fewer layers in one file',
    });
    for (const { name, lines: read } of reader.layers.slice(0, 6)) {
      const { steps, values } = reader.layer(name)?.points('movingMean', 999) ?? {};
      expect([read, steps?.at(0), steps?.at(-1), values?.at(-1)]).toEqual([20, 0, 19, 19]);
    }
    expect([...(reader.layer('small')?.points('movingMean', 0).steps ?? [])]).toEqual([7]);
  });

  it('has room for arrays that a layer gets later, or leaves the line out', () => {
    const one = `${JSON.stringify({ step: 0, layer: 'a', movingMean: [1, 2] })}\n`;
    const reader = readerOf(one + lineOf(1, 'a') + one, { numbers: 8 * 38 });
    expect(reader.counts).toMatchObject({ good: 2, full: 1, firstFull: { line: 2 } });
    expect(heldBy(reader)).toBeLessThanOrEqual(8 * 38);
  });

  it('takes no more memory than it says', () => {
    const numbers = 200_000;
    const reader = new RecordingReader({ ...recordingLimits, numbers });
    let most = 0;
    for (let step = 0; step < 20_000; step++) {
      reader.feed(bytes(lineOf(step, `layer ${step % 50}`, [1])));
      most = Math.max(most, heldBy(reader));
    }
    expect(most).toBeLessThanOrEqual(numbers);
    const kept = reader.layers.reduce((sum, layer) => sum + layer.kept, 0);
    // Two arrays a line, of some 290 bytes each beside their number.
    expect(kept * 2 * (290 + 8)).toBeLessThan(8 * numbers);
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
    expect(crowded.counts.firstFull).toEqual({ line: 3, reason: 'there are 2 layers before' });
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
