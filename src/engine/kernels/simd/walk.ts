import type { ChannelLayout } from '../../../core/tensor/shape';

/**
 * How kernels go through a tensor: along runs of elements that share a channel, where those are long;
 * else row by row, a row being so many positions of the outer dimension that its width is a multiple of
 * 8. Each kernel then works on columns: a run's channel, or a place in a row.
 */
export interface Walk {
  readonly layout: ChannelLayout;
  readonly kind: 'rows' | 'runs';
  /** Columns, a multiple of 8; of runs, those after the last channel stand for nothing. */
  readonly columns: number;
  /** Elements of the tensor. */
  readonly size: number;
  /** Elements before this are in whole rows; the few from here on are left to a loop in JavaScript. */
  readonly whole: number;
}

/** A part of a walk: the work of one call. */
export interface Part {
  /** Rows or runs, end exclusive. */
  readonly from: number;
  readonly to: number;
  /** Of each run. */
  readonly begin: number;
  readonly count: number;
}

/** Elements from which the kernels pay; plain loops are faster below. */
export const simdFrom = 2048;

/** A run at least this long is worth starting on. */
const longRun = 16;

/** Columns of the widest row: kernels keep up to 24 bytes for each. */
const widest = 1 << 18;

/** Rows that a kernel looks at together: as many streams as the processor fetches ahead. */
export const tileRows = 8;

/** Elements of a part: from a tenth of a millisecond's work to half a millisecond's. */
const partElements = { least: 1 << 18, most: 1 << 20 };

/** Parts of a large tensor: two, three and four threads get equal shares of so many. */
const evenParts = 12;

/** Rows of a part that has totals of its own: those are small beside so many. */
const manyRowsOfTotals = 64;

/** @returns undefined where a tensor has too few elements, or too few rows, for the kernels to pay */
export function planWalk(layout: ChannelLayout): Walk | undefined {
  const { outer, channels, inner } = layout;
  const size = outer * channels * inner;
  if (size < simdFrom) return undefined;
  const width = Math.ceil(channels / 8) * 8;
  if (inner >= longRun && width <= widest) {
    return { layout, kind: 'runs', columns: width, size, whole: size };
  }
  const unit = channels * inner;
  const columns = unit * together(unit);
  const rows = Math.floor(size / columns);
  if (columns > widest || rows < 2) return undefined;
  return { layout, kind: 'rows', columns, size, whole: rows * columns };
}

/** Columns at which passes over whole rows are fastest. */
export const fastWidth = {
  /** Several rows at a time: so far ahead the processor fetches. */
  moments: 2048,
  /** One row after the other, with its vectors in the first-level cache. */
  normalize: 512,
};

/** Rows that are worth starting on. */
const manyRows = 64;

/** The same walk with several rows as one, for kernels that need little memory for a column. */
export function widened(walk: Walk, width: number): Walk {
  const { kind, columns, size, whole } = walk;
  const times = Math.floor(width / columns);
  if (kind === 'runs' || times < 2 || whole < width * manyRows) return walk;
  const wide = columns * times;
  return { ...walk, columns: wide, whole: Math.floor(size / wide) * wide };
}

/** How many positions make a row whose width is a multiple of 8. */
function together(unit: number): number {
  if (unit % 8 === 0) return 1;
  if (unit % 4 === 0) return 2;
  return unit % 2 === 0 ? 4 : 8;
}

/** Cuts a walk into parts. */
export function partsOf(walk: Walk): Part[] {
  return cut(walk, Math.min(evenShare(walk), partElements.most));
}

/**
 * Cuts a walk into few parts, which have totals of their own. How, follows from the walk alone and not from
 * who does them, so that the same totals are added in the same order on any number of threads.
 */
export function partsWithTotals(walk: Walk): Part[] {
  return cut(walk, Math.max(evenShare(walk), manyRowsOfTotals * walk.columns));
}

function evenShare({ size }: Walk): number {
  return Math.max(partElements.least, Math.ceil(size / evenParts));
}

function cut({ kind, columns, whole, layout }: Walk, elements: number): Part[] {
  const found: Part[] = [];
  if (kind === 'rows') {
    const step = Math.max(1, Math.floor(elements / columns / tileRows)) * tileRows;
    const rows = whole / columns;
    for (let from = 0; from < rows; from += step) {
      found.push({ from, to: Math.min(from + step, rows), begin: 0, count: 0 });
    }
    return found;
  }
  const { outer, channels, inner } = layout;
  const step = Math.max(1, Math.floor(elements / inner));
  for (let from = 0; from < outer * channels; from += step) {
    const to = Math.min(from + step, outer * channels);
    for (let begin = 0; begin < inner; begin += elements) {
      found.push({ from, to, begin, count: Math.min(elements, inner - begin) });
    }
  }
  return found;
}

/** The channel of each column; −1 where it stands for none. */
export function channelsOf({ kind, columns, layout }: Walk): Int32Array {
  const { channels, inner } = layout;
  const found = new Int32Array(columns);
  if (kind === 'runs') {
    for (let column = 0; column < columns; column++)
      found[column] = column < channels ? column : -1;
    return found;
  }
  for (let column = 0; column < columns;) {
    for (let channel = 0; channel < channels; channel++) {
      found.fill(channel, column, column + inner);
      column += inner;
    }
  }
  return found;
}
