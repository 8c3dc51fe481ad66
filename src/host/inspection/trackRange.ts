import type { TextRange } from '../../core/problem';

/** A replacement in a text: `length` code units from `start` became `inserted` ones. */
export interface TextChange {
  readonly start: number;
  readonly length: number;
  readonly inserted: number;
}

/**
 * Where a range stands after a change. An edit inside grows or shrinks it; one that covers an end
 * pulls that end to the edit, so that the range still points at the place where the text was.
 */
export function trackRange(range: TextRange, change: TextChange): TextRange {
  const changeEnd = change.start + change.length;
  const delta = change.inserted - change.length;
  if (changeEnd <= range.start) {
    return { start: range.start + delta, end: range.end + delta };
  }
  if (change.start >= range.end) return range;
  const start = Math.min(range.start, change.start);
  const end = changeEnd >= range.end ? change.start + change.inserted : range.end + delta;
  return { start, end: Math.max(start, end) };
}

/** Applies the changes of one event, which VS Code gives in the coordinates of the text before it, last first. */
export function trackRanges(range: TextRange, changes: readonly TextChange[]): TextRange {
  return [...changes].sort((a, b) => b.start - a.start).reduce(trackRange, range);
}
