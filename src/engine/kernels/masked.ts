import type { ElementMask } from '../../core/statistics/reference';
import type { Moments } from '../../core/statistics/channels';
import type { ChannelLayout } from '../../core/tensor/shape';

/** Elements from one flat index to another, the end exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Elements of a span at most: about a millisecond's work. */
const spanElements = 1 << 17;

/** Covers a tensor with spans. */
export function* spans(elements: number): Generator<Span> {
  for (let from = 0; from < elements; from += spanElements) {
    yield { from, to: Math.min(from + spanElements, elements) };
  }
}

/** First pass over a span: the elements that the mask keeps are counted into `n` and summed into `mean`. */
export function addMaskedSums(
  x: Float32Array,
  { channels, inner }: ChannelLayout,
  { from, to }: Span,
  { weights, run }: ElementMask,
  { n, mean }: Moments,
): void {
  for (let at = from; at < to; at++) {
    if (weights[Math.floor(at / run)] === 0) continue;
    const c = Math.floor(at / inner) % channels;
    n[c] = (n[c] as number) + 1;
    mean[c] = (mean[c] as number) + (x[at] as number);
  }
}

/** Second pass: squared deviations from the mean, into `variance`. */
export function addMaskedSquares(
  x: Float32Array,
  { channels, inner }: ChannelLayout,
  { from, to }: Span,
  { weights, run }: ElementMask,
  { mean, variance }: Moments,
): void {
  for (let at = from; at < to; at++) {
    if (weights[Math.floor(at / run)] === 0) continue;
    const c = Math.floor(at / inner) % channels;
    const deviation = (x[at] as number) - (mean[c] as number);
    variance[c] = (variance[c] as number) + deviation * deviation;
  }
}
