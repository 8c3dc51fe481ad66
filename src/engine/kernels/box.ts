import type { ChannelLayout } from '../../core/tensor/shape';

/** A part of a `[outer, channels, inner]` tensor: the work done between two looks at the clock. */
export interface Box {
  readonly outer: Range;
  readonly channels: Range;
  readonly inner: Range;
}

/** End exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Elements of a box at most: about a millisecond's work. */
const boxElements = 1 << 18;

/** Elements that a kernel walks channel by channel: few enough for the first-level cache. */
const tileElements = 1 << 12;

/** Rows of a tile at least, so that what is done once a column is spread over some elements. */
const tileRows = 8;

/** Covers a tensor with boxes: cuts the outer dimension first, then the channels, then the inner one. */
export function boxes({ outer, channels, inner }: ChannelLayout): Box[] {
  const stepOf = (row: number): number => Math.max(1, Math.floor(boxElements / Math.max(1, row)));
  const found: Box[] = [];
  for (const o of ranges({ from: 0, to: outer }, stepOf(channels * inner))) {
    for (const c of ranges({ from: 0, to: channels }, stepOf((o.to - o.from) * inner))) {
      for (const i of ranges({ from: 0, to: inner }, boxElements)) {
        found.push({ outer: o, channels: c, inner: i });
      }
    }
  }
  return found;
}

/**
 * How to walk one channel of a tile so that the innermost loop is the long one: along `inner` where
 * there is an inner dimension, else straight down the column (channels last).
 */
export interface Walk {
  /** From the start of one segment to the next. */
  readonly segmentStride: number;
  readonly segments: number;
  /** From the first element of a segment to just past its last. */
  readonly span: number;
  /** From one element to the next. */
  readonly step: number;
}

/**
 * Visits every channel of every tile of a box.
 * @param visit channel, flat index of its first element in the tile, how to go on from there. It is
 *   small and called often, so that V8 optimises it whole: a function that does all its work in one
 *   endless loop is compiled in mid-loop, and thrown out at its end every time.
 */
export function eachColumn(
  layout: ChannelLayout,
  box: Box,
  visit: (channel: number, start: number, walk: Walk) => void,
): void {
  const stride = layout.channels * layout.inner;
  const width = Math.min(box.inner.to - box.inner.from, tileElements);
  const row = (box.channels.to - box.channels.from) * width;
  const height = Math.max(tileRows, Math.floor(tileElements / Math.max(1, row)));
  for (const inner of ranges(box.inner, tileElements)) {
    for (const outer of ranges(box.outer, height)) {
      const rows = outer.to - outer.from;
      const walk: Walk =
        layout.inner === 1
          ? { segmentStride: 0, segments: 1, span: rows * stride, step: stride }
          : { segmentStride: stride, segments: rows, span: inner.to - inner.from, step: 1 };
      const start = outer.from * stride + inner.from;
      for (let c = box.channels.from; c < box.channels.to; c++) {
        visit(c, start + c * layout.inner, walk);
      }
    }
  }
}

function ranges({ from, to }: Range, step: number): Range[] {
  const found: Range[] = [];
  for (let at = from; at < to; at += step) found.push({ from: at, to: Math.min(at + step, to) });
  return found;
}
