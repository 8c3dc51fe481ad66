import type { Random } from './random';

/** From 0 to `count` − 1. */
export function below(random: Random, count: number): number {
  return random.integer(0, count - 1);
}

/** A number in one of the ways that programs write it. */
export function numberText(random: Random): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => String(below(random, 10))).join('');
  const whole = random.pick(['0', String(1 + below(random, 9)) + digits(below(random, 22))]);
  const fraction = random.pick(['', `.${digits(1 + below(random, 25))}`]);
  const exponent = random.pick([
    '',
    '',
    `${random.pick(['e', 'E'])}${random.pick(['', '+', '-'])}${digits(1 + below(random, 2))}`,
  ]);
  return random.pick(['', '-']) + whole + fraction + exponent;
}

function space(random: Random): string {
  return random.pick(['', '', ' ', '\n', '\t ', '\r\n']);
}

/** A well-formed nested array of one shape. */
export function nestedArray(random: Random, shape: readonly number[]): string {
  const [size, ...inner] = shape;
  if (size === undefined) return numberText(random);
  const rows = Array.from({ length: size }, () => nestedArray(random, inner));
  return `[${space(random)}${rows.join(`${space(random)},${space(random)}`)}${space(random)}]`;
}

/** Any JSON value. */
export function jsonValue(random: Random, depth: number): string {
  const kind = below(random, depth > 3 ? 5 : 8);
  const list = (item: () => string): string =>
    Array.from({ length: below(random, 4) }, item).join(',');
  if (kind === 5) return nestedArray(random, [1 + below(random, 3), 1 + below(random, 3)]);
  if (kind === 6) return `[${list(() => jsonValue(random, depth + 1))}]`;
  if (kind === 7) return `{${list(() => `${key(random)}:${jsonValue(random, depth + 1)}`)}}`;
  return random.pick([
    numberText(random),
    'null',
    'true',
    'false',
    key(random),
    space(random) + '0',
  ]);
}

function key(random: Random): string {
  return random.pick([
    '"x"',
    '"gamma"',
    '"a\\n\\u0041"',
    '""',
    `"k${random.integer(0, 98)}"`,
    '"é"',
    '"\\\\"',
  ]);
}

/** A character away, more or other. */
export function mutate(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  const other = random.pick([
    ...Array.from('[]{},:"\'.-+eE0x1 \n/*#tNn\\\u0000'),
    '//',
    'null',
    'NaN',
    '\ud800',
  ]);
  return text.slice(0, at) + random.pick(['', other]) + text.slice(at + below(random, 2));
}
