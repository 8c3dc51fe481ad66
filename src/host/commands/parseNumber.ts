const words: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['-inf', -Infinity],
  ['-infinity', -Infinity],
]);

/** A number as people write it, NaN and infinities included; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  const word = words.get(plain);
  if (word !== undefined) return word;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** Whole numbers between brackets, commas or spaces: `0, 1, 1, 3`. */
export function parseIndices(text: string): readonly number[] | undefined {
  const parts = text
    .replace(/[[\]()]/g, ' ')
    .split(/[\s,]+/)
    .filter(part => part !== '');
  const indices = parts.map(part => (/^\d+$/.test(part) ? Number(part) : undefined));
  return indices.every(index => index !== undefined) ? indices : undefined;
}
