import type { ChannelLayout } from '../../core/tensor/shape';
import type { Affine, OutputRules, SingleAffine } from './affine';
import { BoxPass, type Column } from './boxPass';

/** Writes an output in plain loops, by each channel's own rule. */
export class PlainNormalize extends BoxPass {
  /** @param skip a channel's flag in `rules.single32` that says that it is written already */
  constructor(
    layout: ChannelLayout,
    private readonly rules: OutputRules,
    private readonly skip = -1,
  ) {
    super(layout);
  }

  protected column(column: Column): void {
    const { affine, single, single32 } = this.rules;
    const flag = single32[column.channel];
    if (flag === this.skip) return;
    if (flag === 1) writeInFloat32(column, single);
    else write(column, affine);
  }
}

/** In float64, rounded once. */
function write({ x, y, channel, start, walk }: Column, affine: Affine): void {
  const { segments, segmentStride, span, step } = walk;
  const mean = affine.mean[channel] as number;
  const scale = affine.scale[channel] as number;
  const beta = affine.beta[channel] as number;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      y[at] = ((x[at] as number) - mean) * scale + beta;
    }
  }
}

/** As the compiled kernel does it: affine.ts. */
function writeInFloat32({ x, y, channel, start, walk }: Column, affine: SingleAffine): void {
  const { segments, segmentStride, span, step } = walk;
  const mean = affine.mean[channel] as number;
  const scale = affine.scale[channel] as number;
  const beta = affine.beta[channel] as number;
  const round = Math.fround;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      y[at] = round(round((x[at] as number) - mean) * scale) + beta;
    }
  }
}
