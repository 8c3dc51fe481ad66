import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../src/core/text/literalLanguage';
import { findTensorLiteral } from '../../src/core/text/literals';
import { sizeOf } from '../../src/core/tensor/shape';

/** Mulberry32: a seeded stream of numbers in [0, 1). */
function randomStream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Style {
  readonly languageId: string;
  readonly open: string;
  readonly close: string;
  readonly separators: readonly string[];
  readonly nonFinite: Readonly<Record<'NaN' | 'Infinity' | '-Infinity', readonly string[]>>;
  readonly around: readonly [string, string][];
}

const noise = ['', ' ', '\n  ', '\r\n\t'];
const styles: readonly Style[] = [
  {
    languageId: 'json',
    open: '[',
    close: ']',
    separators: [',', ', ', ',\n  '],
    nonFinite: { NaN: ['NaN'], Infinity: ['Infinity'], '-Infinity': ['-Infinity'] },
    around: [
      ['{"a": "[[1]]", "x": ', ', "gamma": [1]}'],
      ['', ''],
    ],
  },
  {
    languageId: 'python',
    open: '[',
    close: ']',
    separators: [',', ', ', ',  # a [comment], 1\n', ' , '],
    nonFinite: {
      NaN: ['nan', 'np.nan', "float('nan')"],
      Infinity: ['np.inf', 'float("inf")', 'math.inf'],
      '-Infinity': ['-np.inf', "float('-inf')"],
    },
    around: [
      ['x = np.array(', ', dtype=np.float32)'],
      ['f(y[0], ', ')'],
      ['x = ', '\ny = [1]'],
    ],
  },
  {
    languageId: 'python',
    open: '(',
    close: ',)',
    separators: [',', ', '],
    nonFinite: { NaN: ['nan'], Infinity: ['inf'], '-Infinity': ['-inf'] },
    around: [['x = ', '\n']],
  },
  {
    languageId: 'typescript',
    open: '[',
    close: ']',
    separators: [',', ', ', ', /* a [comment] */ ', ', // "it\n'],
    nonFinite: { NaN: ['NaN'], Infinity: ['Infinity'], '-Infinity': ['-Infinity'] },
    around: [
      ['const x: number[][] = ', ';'],
      ['tf.tensor(', ');'],
    ],
  },
  {
    languageId: 'plaintext',
    open: '[',
    close: ']',
    separators: [' ', '  ', ',\n ', '\n '],
    nonFinite: { NaN: ['nan'], Infinity: ['inf', 'Infinity'], '-Infinity': ['-inf'] },
    around: [
      ['tensor(', ", device='cuda:0')"],
      ['step 3: x = ', ' done'],
    ],
  },
];

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

function randomNumber(random: () => number): number {
  const kind = random();
  if (kind < 0.04) return NaN;
  if (kind < 0.08) return random() < 0.5 ? Infinity : -Infinity;
  if (kind < 0.4) return Math.floor(random() * 2000) - 1000;
  const magnitude = 10 ** (random() * 20 - 10);
  return Math.fround((random() < 0.5 ? -1 : 1) * magnitude);
}

function spell(x: number, style: Style, random: () => number): string {
  if (!Number.isFinite(x)) {
    return pick(random, style.nonFinite[String(x) as 'NaN' | 'Infinity' | '-Infinity']);
  }
  const digits = random();
  if (digits < 0.2) return x.toExponential(8);
  if (digits < 0.3) return x.toPrecision(17);
  return Number.isInteger(x) && digits < 0.5 ? `${x}.` : String(x);
}

function print(
  shape: readonly number[],
  data: Float32Array,
  style: Style,
  random: () => number,
): string {
  let at = 0;
  const level = (axis: number): string => {
    if (axis === shape.length) return spell(data[at++] as number, style, random);
    const parts = Array.from({ length: shape[axis] as number }, () => level(axis + 1));
    const separator = pick(random, style.separators);
    return `${style.open}${pick(random, noise)}${parts.join(separator)}${style.close}`;
  };
  return level(0);
}

describe('any tensor printed in any style', () => {
  const seed = Date.now() % 1_000_000;

  it.each(styles)(`is found with its values in $languageId $open (seed ${seed})`, style => {
    const random = randomStream(seed);
    for (let round = 0; round < 150; round++) {
      const rank = 1 + Math.floor(random() * 4);
      const shape = Array.from({ length: rank }, () => 1 + Math.floor(random() * 4));
      const data = Float32Array.from({ length: sizeOf(shape) }, () => randomNumber(random));
      const [before, after] = pick(random, style.around);
      const literal = print(shape, data, style, random);
      // The cursor is at the opening bracket, or just after any number's last character.
      const places = [0, ...[...literal.matchAll(/\d(?=[,\s)\]])/g)].map(match => match.index + 1)];
      const inComment = (place: number): boolean =>
        /#[^\n]*$|\/\/[^\n]*$|\/\*[^/]*$/.test(literal.slice(0, place));
      const place = pick(
        random,
        places.filter(candidate => !inComment(candidate)),
      );
      const text = before + literal + after;
      const found = findTensorLiteral(
        text,
        before.length + place,
        languageProfile(style.languageId),
      );
      const context = `seed ${seed}, round ${round}, offset ${before.length + place}:\n${text}`;
      if (found?.content.kind !== 'tensor') throw new Error(`${JSON.stringify(found)} ${context}`);
      expect(found.content.tensor.shape, context).toEqual(shape);
      expect(found.content.tensor.data, context).toEqual(data);
      expect(text.slice(found.range.start, found.range.end), context).toBe(literal);
    }
  });

  it(`never throws on damaged text (seed ${seed})`, () => {
    const random = randomStream(seed + 1);
    const pieces = [
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '1',
      '-',
      '.',
      'e',
      ',',
      ' ',
      '\n',
      '#',
      '//',
      '/*',
      '*/',
    ];
    const words = [
      '"',
      "'",
      '`',
      'nan',
      'np.array(',
      'float(',
      'x = ',
      'gamma: ',
      '...',
      '\\',
      'µ',
      '_',
    ];
    for (let round = 0; round < 2000; round++) {
      const length = Math.floor(random() * 60);
      const text = Array.from({ length }, () => pick(random, [...pieces, ...words])).join('');
      const { languageId } = pick(random, styles);
      const offset = Math.floor(random() * (text.length + 1));
      const found = findTensorLiteral(text, offset, languageProfile(languageId));
      if (!found) continue;
      const context = `seed ${seed}, round ${round}, offset ${offset}: ${JSON.stringify(text)}`;
      expect(found.outerRange.start, context).toBeLessThanOrEqual(offset);
      if (found.content.kind !== 'tensor') continue;
      const { shape, data } = found.content.tensor;
      expect(data.length, context).toBe(sizeOf(shape));
    }
  });
});
