import type { Inspection } from '../../core/batchnorm/inspection';
import { channelCount } from '../../core/batchnorm/layer';
import { refusal } from '../../core/batchnorm/plan';
import { sizeOf } from '../../core/tensor/shape';

/** Why the next step cannot run at all: the convention refuses the rank, or one value a channel. */
export function refusedStep({ present, shape, flags }: Inspection): ReturnType<typeof refusal> {
  const { layer } = present;
  const n = sizeOf(shape) / Math.max(channelCount(layer), 1);
  return refusal(layer, shape.length, n, flags);
}
