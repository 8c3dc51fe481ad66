import type { ChannelLayout } from '../../core/tensor/shape';
import { BoxPass, type Column } from './boxPass';
import type { InputStatistics } from './moments';

/** Minimum and maximum of each channel in plain loops. */
export class PlainExtremes extends BoxPass {
  constructor(
    layout: ChannelLayout,
    private readonly into: InputStatistics,
  ) {
    super(layout);
  }

  protected column(column: Column): void {
    extendColumn(column, this.into);
  }
}

function extendColumn({ x, channel, start, walk }: Column, into: InputStatistics): void {
  const { segments, segmentStride, span, step } = walk;
  let min = into.min[channel] as number;
  let max = into.max[channel] as number;
  for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
    for (let at = from; at < from + span; at += step) {
      const value = x[at] as number;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  into.min[channel] = min;
  into.max[channel] = max;
}
