import { histogramBins, type ChannelSummaries } from '../statistics/channels';
import { summarizeChannels } from '../statistics/reference';
import type { StreamedSummaries, TensorSummaries } from '../statistics/streamedSummaries';
import { formatShape, type Shape } from '../tensor/shape';
import { shortStoredDType } from '../tensor/shortStoredDType';
import type { TensorData } from '../tensor/tensor';
import { formatSignificant } from './format';
import { sparkline } from './sparkline';

/** Summary of a whole tensor: what `ChannelSummaries` holds of a single channel. */
export function summarizeTensor(data: TensorData): ChannelSummaries {
  return summarizeChannels(data, { outer: 1, channels: 1, inner: data.length });
}

/**
 * One line that says what a tensor holds: `f32[1,2,2,4] n=16 x∈[0 │▂█▅▃│ 9] μ=4.00 σ=3.22 NaN:3`.
 * n counts every element; range, histogram, mean and standard deviation are over the finite ones, and
 * the others are counted by kind.
 * @param tensor with its dtype as it is stored
 * @param summary of the whole tensor, as one channel; without a histogram the range is `x∈[0, 9]`
 */
export function summaryLine(
  tensor: { readonly shape: Shape; readonly dtype: string },
  summary: TensorSummaries,
): string {
  const parts = [
    `${shortStoredDType(tensor.dtype)}${formatShape(tensor.shape)}`,
    `n=${summary.n[0] as number}`,
    ...finiteParts(summary),
    ...nonFiniteMarks(summary),
  ];
  return parts.join(' ');
}

function finiteParts(summary: TensorSummaries): string[] {
  const min = summary.min[0] as number;
  const max = summary.max[0] as number;
  const moments = [
    `μ=${formatMoment(summary.mean[0] as number)}`,
    `σ=${formatMoment(summary.std[0] as number)}`,
  ];
  if (Number.isNaN(min)) return summary.n[0] === 0 ? [] : ['no finite value'];
  if (min === max) return [`x=${formatBound(min)}`, ...moments];
  const bars = summary.histogram && sparkline(summary.histogram.subarray(0, histogramBins));
  const between = bars === undefined ? ', ' : ` │${bars}│ `;
  return [`x∈[${formatBound(min)}${between}${formatBound(max)}]`, ...moments];
}

/** `NaN:3 +Inf:1 −Inf:2`, those there are. */
export function nonFiniteMarks(summary: StreamedSummaries, channel = 0): string[] {
  const marks: [string, Float64Array][] = [
    ['NaN', summary.nan],
    ['+Inf', summary.posInf],
    ['−Inf', summary.negInf],
  ];
  return marks
    .filter(([, counts]) => (counts[channel] as number) > 0)
    .map(([name, counts]) => `${name}:${counts[channel] as number}`);
}

/** Three significant digits, zeros kept, in the range where that reads well: `4.00`, `0.0325`, `1.234e-7`. */
export function formatMoment(x: number): string {
  const size = Math.abs(x);
  return size >= 0.001 && size < 1000 ? x.toPrecision(3) : formatBound(x);
}

/** At most four significant digits, and an exponent where there would be a row of zeros. */
export function formatBound(x: number): string {
  const size = Math.abs(x);
  const plain = size === 0 || (size >= 1e-4 && size < 1e6);
  return plain ? formatSignificant(x, 4) : Number(x.toPrecision(4)).toExponential();
}
