const words: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
  ['∞', Infinity],
]);

const decimal = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A number as a person types it: decimal or scientific, `nan`, `inf`, `∞`, with a sign; a typographic
 * minus is a minus.
 * @returns undefined when it is not a number
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim().replace('−', '-');
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const magnitude = trimmed.replace(/^[+-]/, '').toLowerCase();
  const word = words.get(magnitude);
  if (word !== undefined) return sign * word;
  return decimal.test(magnitude) ? sign * Number(magnitude) : undefined;
}

/** A count of at least 1 as a person types it, or undefined. */
export function parseCount(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^\d+$/.test(trimmed)) return undefined;
  const count = Number(trimmed);
  return Number.isSafeInteger(count) && count >= 1 ? count : undefined;
}

/** Momentum: a number, or null for the cumulative average (`none`, `null`, `cumulative`). */
export function parseMomentum(text: string): number | null | undefined {
  return /^(?:none|null|cumulative)$/i.test(text.trim()) ? null : parseNumber(text);
}
