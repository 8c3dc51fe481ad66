import { describe, expect, it } from 'vitest';
import { JsonDocumentReader } from '../../src/core/text/jsonDocumentReader';
import type { BulkScanner } from '../../src/core/text/bulkScanner';
import type { JsonDocument } from '../../src/core/text/jsonDocument';
import { readJsonDocument } from '../../src/core/text/readJsonDocument';
import { plainMemory } from '../../src/core/text/numberMemory';
import { parseDocument, parseRunFile } from '../../src/core/text/parseRunFile';
import { Utf8Source, type ByteReader } from '../../src/core/text/textSource';
import { TextWindow, windowUnits } from '../../src/core/text/textWindow';
import { openMemory } from '../../src/engine/memory/engineMemory';
import { openBulkNumbers } from '../../src/engine/reading/bulkNumbers';
import { below, jsonValue, mutate, nestedArray } from './jsonTexts';
import { must } from './must';
import { printedSeed, Random } from './random';

const random = new Random(printedSeed('textSources'));

/** Bytes that come a few at a time, so that every token is cut somewhere. */
class Dribble implements ByteReader {
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.bytes.length;
  }

  read(into: Uint8Array): number {
    const wanted = Math.min(into.length, 1 + below(random, this.most));
    const part = this.bytes.subarray(this.at, this.at + wanted);
    into.set(part);
    this.at += part.length;
    return part.length;
  }
}

const buffer = new Uint8Array(windowUnits);
const compiled = openCompiled();

function openCompiled(): BulkScanner {
  const memory = openMemory();
  if (memory === undefined) throw new Error('this host has no shared memory');
  const opened = openBulkNumbers(memory);
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

function readBytes(text: string, most: number, lines: boolean, bulk?: BulkScanner): JsonDocument {
  const dribble = new Dribble(new TextEncoder().encode(text), most);
  const source = new Utf8Source(dribble, bulk && (bytes => bulk.asciiLength(bytes)));
  const window = new TextWindow(source, bulk?.bytes ?? buffer);
  const tools = { memory: plainMemory, ...(bulk && { bulk }) };
  const reader = new JsonDocumentReader(window, { lines, tools });
  while (!reader.advance());
  must(!source.isBroken, text);
  return reader.document();
}

/** As plain data, NaN included. */
function plain(document: JsonDocument): string {
  const { problems, ...rest } = document;
  return JSON.stringify({ ...rest, problems: problems.all() }, (_, value: unknown) => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, String);
    return typeof value === 'number' ? String(value) : value;
  });
}

function holds(text: string): void {
  const lines = below(random, 4) === 0;
  const most = random.pick([1, 3, 20, 5000]);
  const asText = readJsonDocument(text, { lines });
  must(plain(readBytes(text, most, lines)) === plain(asText), text);
  must(plain(readBytes(text, most, lines, compiled)) === plain(asText), text);
  if (lines) return;
  const fromBytes = parseDocument(readBytes(text, most, lines));
  must(JSON.stringify(fromBytes) === JSON.stringify(parseRunFile(text)), text);
}

/** A lone surrogate has no UTF-8, a zero is told apart earlier, and a byte order mark is left out of a file. */
const notInFiles = /\p{Surrogate}|\u0000|^\ufeff/u;

const whole = `{ "convention": "tf1", "größe": "𝄞", "input": [[[[4, 5.5], [-7e0, 8]]]], "axis": -1, "gamma": [2, 2],
  "running_var": [1, -1], "epsilon": 0.001, /* … */ "momentum": 0.99, "training": true, "shape": [1, 1, 2, 2] }`;

describe(`bytes in pieces against a string (${random.seed})`, () => {
  it('give the same document, problems and places for any JSON', () => {
    for (let round = 0; round < 4000; round++) {
      let text = jsonValue(random, 0);
      for (let times = below(random, 3); times > 0; times--) text = mutate(text, random);
      if (!notInFiles.test(text)) holds(text);
    }
  });

  it('give the same for broken run files', () => {
    for (let round = 0; round < 3000; round++) {
      let text = whole;
      for (let times = 1 + below(random, 6); times > 0; times--) text = mutate(text, random);
      if (!notInFiles.test(text)) holds(text);
    }
  });

  it('give the same for arrays with ragged and odd rows', () => {
    for (let round = 0; round < 1500; round++) {
      const shape = [1 + below(random, 6), 1 + below(random, 4), 1 + below(random, 5)];
      let text = nestedArray(random, shape);
      for (let times = below(random, 4); times > 0; times--) text = mutate(text, random);
      if (!notInFiles.test(text)) holds(text);
    }
  });

  it('give the same for JSON Lines', () => {
    for (let round = 0; round < 1000; round++) {
      const line = (): string =>
        random.pick([nestedArray(random, [2, 2]), nestedArray(random, [3]), jsonValue(random, 2)]);
      let text = Array.from({ length: below(random, 5) }, line).join('\n');
      for (let times = below(random, 2); times > 0; times--) text = mutate(text, random);
      if (!notInFiles.test(text)) holds(text);
    }
  });
});

describe('tokens longer than a window looks at', () => {
  const long = (of: string, length: number): string => of.repeat(length / of.length);

  it.each([
    ['a string', `{"x": "${long('ab\\\\n', 400_000)}", "input": [[1, 2]]}`],
    ['a string of other letters', `{"x": "${long('größe', 300_000)}", "input": [[1, 2]]}`],
    ['a string never closed', `{"x": "${long('a', 400_000)}`],
    ['a comment', `/*${long('* ', 700_000)}*/[[1, 2]]//${long('x', 300_000)}`],
    ['white space', `${long(' \n', 700_000)}[1,${long('  ', 300_000)}2]${long('\r\n', 400_000)}`],
    ['a word', `[${long('nan', 300_000)}, 2]`],
    ['a number, just not too long', `[0.${long('3', 60_000)}, 2]`],
    ['a number, too long', `[1, 0.${long('3', 300_000)}, 2]`],
  ])('%s', (_, text) => {
    const expected = plain(readJsonDocument(text));
    for (const most of [1000, 1_000_000]) {
      expect(plain(readBytes(text, most, false)) === expected).toBe(true);
      expect(plain(readBytes(text, most, false, compiled)) === expected).toBe(true);
    }
  });

  it('are told from short ones', () => {
    const text = `{"note": "${long('a', 400_000)}", "input": [[1, 2.5]]}`;
    const parsed = parseRunFile(text);
    expect(parsed.ok && parsed.value.input.data).toEqual(Float32Array.of(1, 2.5));
    const number = readJsonDocument(`[0.${long('3', 60_000)}, 2]`).root;
    expect(number?.kind === 'numbers' && number.array.data[0]).toBe(Math.fround(1 / 3));
  });
});

describe('bytes', () => {
  const read = (bytes: readonly number[]): Utf8Source => {
    const source = new Utf8Source(new Dribble(Uint8Array.from(bytes), 2));
    const reader = new JsonDocumentReader(new TextWindow(source, buffer));
    while (!reader.advance());
    return source;
  };

  it.each([
    ['Latin-1', [0x5b, 0xe9, 0x5d]],
    ['a character cut at the end', [0x22, 0xe2, 0x82]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['only a continuation', [0x20, 0x80]],
  ])('that are not UTF-8 are said to be none: %s', (_, bytes) => {
    expect(read(bytes).isBroken).toBe(true);
  });

  it('may start with a byte order mark, which counts for nothing', () => {
    const text = '[[1, 2], [3]]';
    expect(plain(readBytes(`\ufeff${text}`, 1, false))).toBe(plain(readJsonDocument(text)));
  });
});
