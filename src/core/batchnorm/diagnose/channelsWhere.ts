import type { EvidenceTable } from './finding';

/** The channels, ascending, for which `test` holds. */
export function channelsWhere(channels: number, test: (channel: number) => boolean): number[] {
  const found: number[] = [];
  for (let c = 0; c < channels; c++) if (test(c)) found.push(c);
  return found;
}

/** How many channel numbers a sentence lists before it counts the rest. */
const listed = 5;

/** `channel 3`, `channels 1 and 2`, `all 4 channels`, `12 channels (0, 3, 7, 8, 9, …)`. */
export function nameChannels(found: readonly number[], of: number): string {
  if (found.length === 1) return `channel ${found[0] as number}`;
  if (found.length === of) return `all ${of} channels`;
  if (found.length > listed) {
    return `${found.length} channels (${found.slice(0, listed).join(', ')}, …)`;
  }
  return `channels ${found.slice(0, -1).join(', ')} and ${found.at(-1) as number}`;
}

/** The channel of `found` with the largest value; the first one where none compares. */
export function worstOf(found: readonly number[], value: (channel: number) => number): number {
  let worst = found[0] as number;
  for (const c of found) if (value(c) > value(worst)) worst = c;
  return worst;
}

/** Channels that a table of evidence has at most: enough to see what they have in common. */
const mostRows = 16;

/**
 * The numbers of the worst channels, side by side.
 * @param badness larger is worse
 * @param columns value of a channel, by label
 */
export function evidenceTable(
  channels: readonly number[],
  badness: (channel: number) => number,
  columns: Readonly<Record<string, (channel: number) => number>>,
): EvidenceTable {
  const worst = [...channels].sort((a, b) => badness(b) - badness(a) || a - b).slice(0, mostRows);
  return {
    channels: worst,
    columns: Object.entries(columns).map(([label, value]) => ({
      label,
      values: worst.map(value),
    })),
  };
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return Number.isInteger(middle) ? (high + (sorted[middle - 1] ?? NaN)) / 2 : high;
}
