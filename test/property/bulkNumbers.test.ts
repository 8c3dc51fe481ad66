import { describe, expect, it } from 'vitest';
import type { BulkScanner } from '../../src/core/text/bulkScanner';
import { JsonDocumentReader } from '../../src/core/text/jsonDocumentReader';
import type { NumberArray } from '../../src/core/text/numberArray';
import { plainMemory } from '../../src/core/text/numberMemory';
import { StringSource } from '../../src/core/text/textSource';
import { TextWindow } from '../../src/core/text/textWindow';
import { openMemory } from '../../src/engine/memory/engineMemory';
import { openBulkNumbers } from '../../src/engine/reading/bulkNumbers';
import { numberText } from './jsonTexts';
import { must } from './must';
import { printedSeed, Random } from './random';

const random = new Random(printedSeed('bulkNumbers'));
const counted = countCalls(openCompiled());

function openCompiled(): BulkScanner {
  const memory = openMemory();
  if (memory === undefined) throw new Error('this host has no shared memory');
  const opened = openBulkNumbers(memory);
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

/** How many numbers the compiled scanner read, so that a test shows that it was not all left to JavaScript. */
function countCalls(bulk: BulkScanner): { readonly bulk: BulkScanner; numbers: number } {
  const counting = {
    numbers: 0,
    bulk: {
      ...bulk,
      read: (): number => {
        const count = bulk.read();
        counting.numbers += count;
        return count;
      },
    },
  };
  return counting;
}

function readArray(text: string): NumberArray {
  const { bulk } = counted;
  const window = new TextWindow(new StringSource(text), bulk.bytes);
  const reader = new JsonDocumentReader(window, { tools: { memory: plainMemory, bulk } });
  while (!reader.advance());
  const { root } = reader.document();
  if (root?.kind !== 'numbers') throw new Error('this is no array of numbers');
  return root.array;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** A float32 of any exponent, with its neighbour: what lies in the middle is a tie. */
function neighbours(): readonly [number, number] {
  bits[0] = random.integer(1, 0x7f7ffffe);
  const low = float[0] as number;
  bits[0]++;
  return [low, float[0] as number];
}

/** All digits of a number that float64 holds, none of them rounded. */
function allDigits(value: number): string {
  return value.toPrecision(100).replace(/\.?0+(?=e|$)/, '');
}

const kinds: readonly (() => string)[] = [
  () => numberText(random),
  () => String(neighbours()[0]),
  () => String((neighbours()[0] + neighbours()[1]) / 2),
  () => {
    const [low, high] = neighbours();
    const tie = allDigits((low + high) / 2);
    return random.pick([tie, tie.replace(/(?=e|$)/, random.pick(['0', '1', '000001']))]);
  },
  () => {
    const [low, high] = neighbours();
    return String(low + (high - low) * random.pick([0.4999999, 0.5, 0.5000001]));
  },
  // Below the smallest normal number, and below all.
  () => `${random.integer(1, 999_999_999)}e-${random.integer(38, 60)}`,
  // Around the largest, and above all.
  () => `${random.pick(['3.4028234', '3.4028235', '3.4028236'])}${random.integer(0, 9_999_999)}e38`,
  () => random.pick(['0', '-0', '0.000000', '-0.0e99', '0e-999', '1e-400', '5e-324']),
  () => `0.${'0'.repeat(random.integer(0, 50))}${random.integer(1, 2 ** 31)}`,
  () => `${random.integer(1, 2 ** 31)}${'0'.repeat(random.integer(0, 25))}`,
];

describe(`numbers in bulk (${random.seed})`, () => {
  it('are Math.fround of Number, bit for bit, in 400,000 decimals', () => {
    for (let round = 0; round < 400; round++) {
      const texts = Array.from({ length: 1000 }, () => {
        const text = random.pick(kinds)();
        return text.startsWith('-') || random.integer(0, 1) === 0 ? text : `-${text}`;
      });
      const { data, values } = readArray(`[${texts.join(random.pick([',', ', ', ' ,\n']))}]`);
      must(data.length === texts.length, String(round));
      must(
        values.every(({ code }) => /float32-overflow|more-problems/.test(code)),
        String(round),
      );
      for (const [i, text] of texts.entries()) {
        must(Object.is(data[i], Math.fround(Number(text))), text);
      }
    }
    expect(counted.numbers).toBeGreaterThan(250_000);
  });

  it.each([
    '01',
    '-01',
    '00',
    '1.',
    '.5',
    '-',
    '--1',
    '+1',
    '1e',
    '1e+',
    '1.e5',
    '0x10',
    '1_000',
    '1.5.2',
    '1e5.5',
    '1f',
  ])('%s is refused, as JSON does', text => {
    const some = Array.from({ length: 40 }, (_, i) => i).join(',');
    const { syntax } = readArray(`[${some},${text},${some}]`);
    expect(syntax.map(({ code }) => code)).toContain(
      /\d/.test(text) && !text.startsWith('--') ? 'number-malformed' : 'not-a-number',
    );
  });

  it('may be NaN and infinite as Python writes them, in the middle of others', () => {
    const some = Array.from({ length: 40 }, (_, i) => i).join(',');
    const { data, syntax, values } = readArray(`[${some},NaN,-Infinity,Infinity,${some}]`);
    expect([...syntax, ...values]).toEqual([]);
    expect(Array.from(data.subarray(39, 44))).toEqual([39, NaN, -Infinity, Infinity, 0]);
  });
});
