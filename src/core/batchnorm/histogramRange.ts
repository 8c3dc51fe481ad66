import type { ChannelExtremes } from '../statistics/channels';
import type { Trace } from './trace';

/** From where to where a histogram counts. */
export type RangeKind = 'robust' | 'full';

export const rangeKinds: readonly RangeKind[] = ['robust', 'full'];

/** Standard deviations on each side of the mean that a robust range reaches to. */
const robustReach = 5;

/** Ranges of channels that serve the input and the output alike, so that they can be drawn over each other. */
export interface ChannelRanges {
  /** One entry a channel, each a float32; finite, and `low` ≤ `high`. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The ranges that a channel's input and output are counted in: to their extremes, or to five standard deviations from
 * their means where the extremes are farther. Where the batch is not finite the moving statistics serve.
 * @param input extremes of its elements as float32
 */
export function histogramRanges(
  trace: Trace,
  input: ChannelExtremes,
  kind: RangeKind,
): ChannelRanges {
  const low = new Float64Array(trace.channels);
  const high = new Float64Array(trace.channels);
  for (let c = 0; c < trace.channels; c++) {
    const ranges = [inputRange(trace, input, c, kind), outputRange(trace, c, kind)];
    const known = ranges.filter(range => range.every(Number.isFinite));
    const [from, to] = [
      Math.min(...known.map(([start]) => start)),
      Math.max(...known.map(([, end]) => end)),
    ];
    [low[c], high[c]] = known.length === 0 ? [-1, 1] : [float32Below(from), float32Above(to)];
  }
  return { low, high };
}

/** The range of all channels together. */
export function wholeRange({ low, high }: ChannelRanges): ChannelRanges {
  const least = low.reduce((a, b) => Math.min(a, b), Infinity);
  const most = high.reduce((a, b) => Math.max(a, b), -Infinity);
  return low.length === 0
    ? { low: Float64Array.of(-1), high: Float64Array.of(1) }
    : { low: Float64Array.of(least), high: Float64Array.of(most) };
}

type Range = readonly [low: number, high: number];

function outputRange({ output }: Trace, c: number, kind: RangeKind): Range {
  const extremes: Range = [output.min[c] as number, output.max[c] as number];
  if (kind === 'full') return extremes;
  return within(extremes, around(output.mean[c] as number, output.std[c] as number));
}

function inputRange(trace: Trace, input: ChannelExtremes, c: number, kind: RangeKind): Range {
  const { batch, movingMeanBefore, movingVarianceBefore } = trace;
  const own = around(batch.mean[c] as number, Math.sqrt(batch.variance[c] as number));
  const moving = around(
    movingMeanBefore[c] as number,
    Math.sqrt(movingVarianceBefore[c] as number),
  );
  const robust = own.every(Number.isFinite) ? own : moving;
  const extremes: Range = [input.min[c] as number, input.max[c] as number];
  if (!extremes.every(Number.isFinite)) return robust;
  return kind === 'full' ? extremes : within(extremes, robust);
}

function around(mean: number, std: number): Range {
  return [mean - robustReach * std, mean + robustReach * std];
}

function within([low, high]: Range, [from, to]: Range): Range {
  return [Math.max(low, from), Math.min(high, to)];
}

const rounded = new Float32Array(1);
const bits = new Int32Array(rounded.buffer);

/** The largest float32 that is not above a number: the engine's kernels are exact for those. */
function float32Below(x: number): number {
  return nextTo(x, f => f > x, -1);
}

function float32Above(x: number): number {
  return nextTo(x, f => f < x, 1);
}

function nextTo(x: number, isBeyond: (f: number) => boolean, direction: 1 | -1): number {
  const largest = 3.4028234663852886e38;
  rounded[0] = Math.min(largest, Math.max(-largest, x));
  const near = rounded[0];
  if (!isBeyond(near)) return near;
  // Bits of float32 numbers of one sign are in order, away from zero.
  if (near === 0) return direction * 2 ** -149;
  bits[0] = (bits[0] as number) + (near > 0 === direction > 0 ? 1 : -1);
  return rounded[0];
}
