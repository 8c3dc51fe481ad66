import { fail, ok, type Result } from '../core/problem';
import { slotsOf, type HistogramCounts, type HistogramRange } from '../core/statistics/histogram';
import { channelLayout, type ChannelLayout, type Shape } from '../core/tensor/shape';
import type { TensorHandle } from '../core/tensor/tensor';
import {
  mostBins,
  type ChannelHistogram,
  type HistogramRequest,
} from '../protocol/engineHistogram';
import { moved } from '../protocol/rpc';
import { binsPass } from './kernels/choosePass';
import { runPass } from './runPass';
import { Slices } from './slices';
import { valuesOf, type Tensor } from './tensorflow';

/** The counts of all channels of a tensor, which were asked for one channel at a time. */
interface Counted {
  readonly axis: number | null;
  readonly range: HistogramRange;
  readonly counts: HistogramCounts;
}

/** Histograms of live tensors. One pass counts all channels; the last one of each tensor is remembered. */
export class Histograms {
  private readonly counted = new WeakMap<TensorHandle, Counted>();

  /** @param handle another one whenever the elements may be others: an output is written over the last one */
  async of(
    handle: TensorHandle,
    values: Tensor,
    request: HistogramRequest,
    signal: AbortSignal,
  ): Promise<Result<ChannelHistogram>> {
    const { axis, range, channel } = request;
    const layout = axis === null ? wholeLayout(handle.shape) : channelLayout(handle.shape, axis);
    const problem = checkRequest(request, layout);
    if (problem) return problem;
    const known = this.counted.get(handle);
    const counted =
      known?.axis === axis && sameRange(known.range, range)
        ? ok(known)
        : await this.count(values, layout, request, signal);
    if (!counted.ok) return counted;
    this.counted.set(handle, counted.value);
    const slots = slotsOf(range.bins);
    const own = counted.value.counts.slice(channel * slots, (channel + 1) * slots);
    return ok(moved({ counts: own }, [own.buffer]));
  }

  private async count(
    values: Tensor,
    layout: ChannelLayout,
    { axis, range }: HistogramRequest,
    signal: AbortSignal,
  ): Promise<Result<Counted>> {
    const counts = new Uint32Array(layout.channels * slotsOf(range.bins));
    const pass = binsPass(valuesOf(values) as Float32Array, layout, range, counts);
    const done = await runPass('NormscopeBins', values, pass, new Slices(signal));
    return done.ok ? ok({ axis, range, counts }) : done;
  }
}

/** All elements as one channel. */
function wholeLayout(shape: Shape): ChannelLayout {
  return { outer: 1, channels: 1, inner: shape.reduce((product, size) => product * size, 1) };
}

function sameRange(a: HistogramRange, b: HistogramRange): boolean {
  return (
    a.bins === b.bins &&
    a.low.every((low, c) => low === b.low[c]) &&
    a.high.every((high, c) => high === b.high[c])
  );
}

function checkRequest(
  { range, channel }: HistogramRequest,
  { channels }: ChannelLayout,
): Result<never> | undefined {
  const { bins, low, high } = range;
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= mostBins)) {
    return fail(
      'bins-invalid',
      `A histogram has 1 to ${mostBins} bins, and ${bins} were asked for.`,
    );
  }
  const ordered = low.every((from, c) => from <= (high[c] as number) && Number.isFinite(from));
  if (
    low.length !== channels ||
    high.length !== channels ||
    !ordered ||
    !high.every(Number.isFinite)
  ) {
    return fail('range-invalid', 'A histogram needs a finite range for each channel.');
  }
  if (!(Number.isInteger(channel) && channel >= 0 && channel < channels)) {
    return fail('channel-out-of-range', `There is no channel ${channel}: there are ${channels}.`);
  }
  return undefined;
}
