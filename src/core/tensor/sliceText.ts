import { fail, ok, type Result, type TextRange } from '../problem';
import { resolveRange, type AxisRange, type WrittenRange } from './axisRange';
import { formatShape, type Shape } from './shape';

/** What a slice takes of one axis: one position, which drops the axis, or some, which keep it. */
export type AxisSelection =
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'range'; readonly range: AxisRange };

/** A part between two commas and where it stands. */
interface Item {
  readonly text: string;
  readonly range: TextRange;
}

const wholeNumber = /^[+-]?\d+$/;

/**
 * Reads NumPy's basic slicing: `x[0, :, ::2, -1]`, with or without a name and brackets. Axes that are left out
 * at the end, or stand under `...`, are taken whole.
 * @returns a selection an axis; a problem has its range in the text
 */
export function parseSlice(text: string, shape: Shape): Result<readonly AxisSelection[]> {
  const inside = insideBrackets(text);
  if (!inside.ok) return inside;
  const items = splitItems(text, inside.value);
  const spread = spreadEllipsis(items, shape);
  if (!spread.ok) return spread;
  const selections: AxisSelection[] = [];
  for (const [axis, item] of spread.value.entries()) {
    const read = item ? readItem(item, axis, shape) : ok(wholeSelection(shape[axis] ?? 0));
    if (!read.ok) return read;
    selections.push(read.value);
  }
  return ok(selections);
}

function wholeSelection(size: number): AxisSelection {
  return { kind: 'range', range: resolveRange(size, {}) };
}

/** Takes off `x[` and `]`. */
function insideBrackets(text: string): Result<TextRange> {
  const open = text.indexOf('[');
  const start = open < 0 ? 0 : open + 1;
  if (open >= 0 && !/^\s*[\w.]*\s*$/.test(text.slice(0, open))) {
    return fail('slice-name', 'Only a name may stand before the bracket.', { start: 0, end: open });
  }
  const close = text.indexOf(']', start);
  if (open < 0 && close < 0) return ok({ start, end: text.length });
  if (close < 0) {
    return fail('slice-bracket', 'The bracket is not closed: end with "]".', {
      start: open,
      end: text.length,
    });
  }
  if (open < 0 || text.slice(close + 1).trim() !== '') {
    return fail('slice-bracket', 'Write one pair of brackets, or none.', {
      start: open < 0 ? close : close + 1,
      end: text.length,
    });
  }
  return ok({ start, end: close });
}

function splitItems(text: string, { start, end }: TextRange): Item[] {
  const items: Item[] = [];
  let from = start;
  for (const part of text.slice(start, end).split(',')) {
    const blank = part.length - part.trimStart().length;
    const trimmed = part.trim();
    const at = from + (trimmed === '' ? 0 : blank);
    items.push({ text: trimmed, range: { start: at, end: at + Math.max(trimmed.length, 1) } });
    from += part.length + 1;
  }
  // Nothing at all, and the comma that Python allows at the end.
  if (items.at(-1)?.text === '') items.pop();
  return items;
}

/** One item an axis, undefined for those that an ellipsis or the end leaves whole. */
function spreadEllipsis(
  items: readonly Item[],
  shape: Shape,
): Result<readonly (Item | undefined)[]> {
  const rank = shape.length;
  const dots = items.flatMap((item, i) => (item.text === '...' ? [i] : []));
  const second = dots[1];
  if (second !== undefined) {
    return fail('slice-ellipsis', 'A slice has one "..." at most.', items[second]?.range);
  }
  const written = items.length - dots.length;
  if (written > rank) {
    const extra = items.filter(({ text }) => text !== '...')[rank];
    return fail(
      'slice-rank',
      `Shape ${formatShape(shape)} has ${rank} ${rank === 1 ? 'axis' : 'axes'}, and ${written} are sliced.`,
      extra?.range,
    );
  }
  const whole = new Array<undefined>(rank - written).fill(undefined);
  const at = dots[0];
  return ok(
    at === undefined
      ? [...items, ...whole]
      : [...items.slice(0, at), ...whole, ...items.slice(at + 1)],
  );
}

function readItem({ text, range }: Item, axis: number, shape: Shape): Result<AxisSelection> {
  const size = shape[axis] as number;
  if (text.includes(':')) return readRange(text, range, size);
  if (!wholeNumber.test(text)) return notAnIndex(text, range);
  const written = Number(text);
  const at = written < 0 ? written + size : written;
  if (at < 0 || at >= size) {
    const bounds = size === 0 ? 'it has no positions' : `use ${-size} to ${size - 1}, or a range`;
    return fail(
      'slice-out-of-range',
      `Axis ${axis} has size ${size}, and ${text} is not in it: ${bounds}.`,
      range,
    );
  }
  return ok({ kind: 'index', at });
}

function readRange(text: string, range: TextRange, size: number): Result<AxisSelection> {
  const parts = text.split(':').map(part => part.trim());
  if (parts.length > 3) {
    return fail('slice-syntax', 'A range is start:stop:step, with two colons at most.', range);
  }
  const wrong = parts.find(part => part !== '' && !wholeNumber.test(part));
  if (wrong !== undefined) return notAnIndex(wrong, range);
  const [start, stop, step] = parts.map(part => (part === '' ? undefined : Number(part)));
  if (step === 0) return fail('slice-step', 'The step of a range cannot be 0.', range);
  const written: WrittenRange = { start, stop, step };
  return ok({ kind: 'range', range: resolveRange(size, written) });
}

function notAnIndex(text: string, range: TextRange): Result<never> {
  if (text === '') {
    return fail('slice-syntax', 'An index or a range is missing here: ":" takes all.', range);
  }
  if (text === 'None' || text === 'newaxis' || text === 'np.newaxis') {
    return fail('slice-newaxis', 'A slice shows axes that there are: it cannot add one.', range);
  }
  return fail('slice-syntax', `"${text}" is neither a whole number nor a range like 0:8:2.`, range);
}
