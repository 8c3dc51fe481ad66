import type { ChannelLayout } from '../../core/tensor/shape';
import type { Span } from './masked';

/** What is searched for: the first element of some channels that is NaN or an infinity. */
export interface NonFiniteSearch {
  /** 1 for a channel still searched. */
  readonly wanted: Uint8Array;
  /** Flat index of what was found; −1 elsewhere. */
  readonly first: Float64Array;
  /** Channels still searched. */
  left: number;
}

/** Channels whose mean says that they hold such an element: in float64 nothing else makes it so. */
export function searchFor(mean: Float64Array, n: Float64Array): NonFiniteSearch {
  const wanted = Uint8Array.from(mean, (value, c) => {
    return (n[c] as number) > 0 && !Number.isFinite(value) ? 1 : 0;
  });
  const left = wanted.reduce((count, flag) => count + flag, 0);
  return { wanted, first: new Float64Array(mean.length).fill(-1), left };
}

/** Searches a span; spans are searched in the order of the data. */
export function searchSpan(
  x: Float32Array,
  { channels, inner }: ChannelLayout,
  { from, to }: Span,
  search: NonFiniteSearch,
): void {
  const { wanted, first } = search;
  for (let at = from; at < to && search.left > 0; at++) {
    const value = x[at] as number;
    // Only NaN and infinities differ from themselves so.
    if (value - value === 0) continue;
    const c = Math.floor(at / inner) % channels;
    if (wanted[c] !== 1) continue;
    wanted[c] = 0;
    first[c] = at;
    search.left--;
  }
}
