import type { ChannelLayout } from '../../core/tensor/shape';

/** A part of a tensor whose elements lie next to each other, so that a view of them is a tensor. */
export interface Slab {
  /** Flat index of its first element. */
  readonly start: number;
  readonly size: number;
  /** Of the slab by itself. */
  readonly layout: ChannelLayout;
  /** Which channel of the tensor is the slab's first. */
  readonly firstChannel: number;
}

/** Elements of a slab at most: about a millisecond's work for the passes over it. */
const slabElements = 1 << 16;

/** Covers a tensor with slabs, in the order of its elements: whole rows where several fit, else parts of one. */
export function* slabs({ outer, channels, inner }: ChannelLayout): Generator<Slab> {
  const row = channels * inner;
  if (row === 0) return;
  if (row <= slabElements) {
    for (const [from, rows] of cuts(outer, Math.floor(slabElements / row))) {
      const layout = { outer: rows, channels, inner };
      yield { start: from * row, size: rows * row, layout, firstChannel: 0 };
    }
    return;
  }
  for (let o = 0; o < outer; o++) yield* rowSlabs(o * row, channels, inner);
}

function* rowSlabs(start: number, channels: number, inner: number): Generator<Slab> {
  const together = Math.max(1, Math.floor(slabElements / inner));
  for (const [firstChannel, count] of cuts(channels, together)) {
    for (const [from, width] of cuts(inner, slabElements)) {
      yield {
        start: start + firstChannel * inner + from,
        size: count * width,
        layout: { outer: 1, channels: count, inner: width },
        firstChannel,
      };
    }
  }
}

/** Pairs of a start and a length that cover 0 to `total`. */
function* cuts(total: number, step: number): Generator<readonly [from: number, length: number]> {
  for (let from = 0; from < total; from += step) yield [from, Math.min(step, total - from)];
}
