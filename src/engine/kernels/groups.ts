import type { Affine } from './affine';
import { boxes, eachColumn, type Box } from './box';
import type { ChannelLayout } from '../../core/tensor/shape';
import type { Moments } from '../../core/statistics/channels';

/** A box that lies in one sample. */
export interface SampleBox {
  /** Index on axis 0. */
  readonly sample: number;
  readonly box: Box;
}

/** Covers a tensor whose channels are not on axis 0, one sample after the other. */
export function* sampleBoxes(samples: number, layout: ChannelLayout): Generator<SampleBox> {
  const rows = samples === 0 ? 0 : layout.outer / samples;
  const parts = boxes({ ...layout, outer: rows });
  for (let sample = 0; sample < samples; sample++) {
    for (const box of parts) {
      const { from, to } = box.outer;
      const outer = { from: from + sample * rows, to: to + sample * rows };
      yield { sample, box: { ...box, outer } };
    }
  }
}

/** First pass over a box of a virtual batch: counts into `n`, sums into `mean`. */
export function addGroupSums(
  x: Float32Array,
  layout: ChannelLayout,
  box: Box,
  { n, mean }: Moments,
): void {
  eachColumn(layout, box, (c, start, { segments, segmentStride, span, step }) => {
    let sum = 0;
    let count = 0;
    for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
      for (let at = from; at < from + span; at += step, count++) sum += x[at] as number;
    }
    n[c] = (n[c] as number) + count;
    mean[c] = (mean[c] as number) + sum;
  });
}

/** Second pass: squared deviations from the virtual batch's mean, into `variance`. */
export function addGroupSquares(
  x: Float32Array,
  layout: ChannelLayout,
  box: Box,
  { mean, variance }: Moments,
): void {
  eachColumn(layout, box, (c, start, { segments, segmentStride, span, step }) => {
    const centre = mean[c] as number;
    let squares = 0;
    for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
      for (let at = from; at < from + span; at += step) {
        const deviation = (x[at] as number) - centre;
        squares += deviation * deviation;
      }
    }
    variance[c] = (variance[c] as number) + squares;
  });
}

/** Writes `(x − mean) · scale + beta` over a box. */
export function normalizeGroup(
  x: Float32Array,
  y: Float32Array,
  layout: ChannelLayout,
  box: Box,
  affine: Affine,
): void {
  eachColumn(layout, box, (c, start, { segments, segmentStride, span, step }) => {
    const mean = affine.mean[c] as number;
    const scale = affine.scale[c] as number;
    const beta = affine.beta[c] as number;
    for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
      for (let at = from; at < from + span; at += step) {
        y[at] = ((x[at] as number) - mean) * scale + beta;
      }
    }
  });
}
