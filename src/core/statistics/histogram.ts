import type { ChannelLayout } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';

/** Which values are counted, channel by channel: `bins` equal ones from `low` to `high`, and those outside. */
export interface HistogramRange {
  readonly bins: number;
  /** One entry a channel; finite, and `low` ≤ `high`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Counts beside those of the bins: below, above, NaN, +∞ and −∞. */
export const otherSlots = 5;

/**
 * How often values came, `bins + otherSlots` counts a channel: those below the range, the bins, those above it, NaN,
 * +∞ and −∞. The bins are numpy.histogram's: each holds its lower edge and not its upper one, but for the last, which
 * holds both; edge i is low + i·((high − low)/bins), in float64.
 */
export type HistogramCounts = Uint32Array;

export function slotsOf(bins: number): number {
  return bins + otherSlots;
}

/** The edges of one channel's bins: `bins + 1` of them, as numpy.linspace has them. */
export function binEdges(low: number, high: number, bins: number): Float64Array {
  const step = (high - low) / bins;
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step));
}

/** Which of a channel's counts a value belongs to. */
export function slotOf(x: number, low: number, high: number, bins: number): number {
  if (Number.isNaN(x)) return bins + 2;
  if (x === Infinity) return bins + 3;
  if (x === -Infinity) return bins + 4;
  if (x < low) return 0;
  if (x > high) return bins + 1;
  const step = (high - low) / bins;
  // All values are one, or the range is too narrow to be cut.
  if (!(step > 0)) return 1;
  let bin = Math.min(bins - 1, Math.floor((x - low) / step));
  if (x < low + bin * step) bin--;
  else if (bin < bins - 1 && x >= low + (bin + 1) * step) bin++;
  return 1 + bin;
}

/** Counts in plain loops: what the engine's kernels are held to. */
export function countHistogram(
  data: TensorData,
  { channels, inner }: ChannelLayout,
  { bins, low, high }: HistogramRange,
): HistogramCounts {
  const slots = slotsOf(bins);
  const counts = new Uint32Array(channels * slots);
  for (let at = 0; at < data.length; at++) {
    const c = Math.floor(at / inner) % channels;
    const slot = c * slots + slotOf(data[at] as number, low[c] as number, high[c] as number, bins);
    counts[slot] = (counts[slot] as number) + 1;
  }
  return counts;
}
