// Which passes a tensor gets: the compiled kernels' where it lives in the engine's memory and is large
// enough, plain loops elsewhere. What they find and write is the same.
import { ok, type Result } from '../../core/problem';
import type { HistogramCounts, HistogramRange } from '../../core/statistics/histogram';
import type { ChannelLayout } from '../../core/tensor/shape';
import type { OutputRules } from './affine';
import { PlainBins } from './bins';
import { PlainExtremes } from './extremes';
import { PlainHistogram, type InputHistogram } from './histogram';
import { PlainMoments, type InputStatistics } from './moments';
import { PlainNormalize } from './normalize';
import type { Pass } from './pass';
import { threadDevice, type Device } from './simd/device';
import { SimdBins } from './simd/bins';
import { SimdExtremes } from './simd/extremes';
import { SimdHistogram } from './simd/histogram';
import { SimdMoments } from './simd/moments';
import { SimdNormalize } from './simd/normalize';
import { fastWidth, planWalk, widened, type Walk } from './simd/walk';

interface DeviceWalk {
  readonly device: Device;
  readonly walk: Walk;
}

function deviceWalk(layout: ChannelLayout, ...tensors: Float32Array[]): DeviceWalk | undefined {
  const walk = planWalk(layout);
  const device = walk && threadDevice();
  const resident = tensors.every(values => device?.memory.addressOf(values) !== undefined);
  return walk && device && resident ? { device, walk } : undefined;
}

export function momentsPass(
  x: Float32Array,
  layout: ChannelLayout,
  into: InputStatistics,
): Result<Pass> {
  const found = deviceWalk(layout, x);
  return found
    ? SimdMoments.open(found.device, widened(found.walk, fastWidth.moments), into)
    : ok(new PlainMoments(layout, into));
}

export function extremesPass(
  x: Float32Array,
  layout: ChannelLayout,
  into: InputStatistics,
): Result<Pass> {
  const found = deviceWalk(layout, x);
  return found
    ? SimdExtremes.open(found.device, found.walk, into)
    : ok(new PlainExtremes(layout, into));
}

/** @param input with the means and extremes of `x` */
export function histogramPass(
  x: Float32Array,
  layout: ChannelLayout,
  input: InputStatistics,
  into: InputHistogram,
): Result<Pass> {
  const found = SimdHistogram.suits(input) ? deviceWalk(layout, x) : undefined;
  return found
    ? SimdHistogram.open(found.device, found.walk, input, into)
    : ok(new PlainHistogram(layout, input, into));
}

export function binsPass(
  x: Float32Array,
  layout: ChannelLayout,
  range: HistogramRange,
  into: HistogramCounts,
): Result<Pass> {
  const found = deviceWalk(layout, x);
  return found && SimdBins.suits(found.walk, range)
    ? SimdBins.open(found.device, found.walk, range, into)
    : ok(new PlainBins(layout, range, into));
}

/** One after the other. */
export function normalizePasses(
  x: Float32Array,
  y: Float32Array,
  layout: ChannelLayout,
  rules: OutputRules,
): Result<readonly Pass[]> {
  const found = deviceWalk(layout, x, y);
  if (found === undefined) return ok([new PlainNormalize(layout, rules)]);
  const opened = SimdNormalize.open(
    found.device,
    widened(found.walk, fastWidth.normalize),
    rules.single,
  );
  if (!opened.ok) return opened;
  const all = rules.single32.every(flag => flag === 1);
  return ok(all ? [opened.value] : [opened.value, new PlainNormalize(layout, rules, 1)]);
}
