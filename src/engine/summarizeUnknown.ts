import type { ChannelSummaries } from '../core/statistics/channels';
import type { ChannelLayout } from '../core/tensor/shape';
import { boxes } from './kernels/box';
import { finishCounts, finishSpread } from './kernels/summaries';
import type { Slices } from './slices';
import { runKernel, type Tensor } from './tensorflow';

/**
 * Summarises the channels of a written tensor where `known` is 0, in two passes.
 * @returns whether it was done; false when it was cancelled
 */
export async function summarizeUnknown(
  y: Tensor,
  layout: ChannelLayout,
  known: Uint8Array,
  into: ChannelSummaries,
  slices: Slices,
): Promise<boolean> {
  if (known.every(flag => flag === 1)) return true;
  const all = boxes(layout);
  const counted = await slices.each(all, box =>
    runKernel('NormscopeCounts', y, { layout, box, known, into }),
  );
  if (!counted) return false;
  finishCounts(known, into);
  const spread = await slices.each(all, box =>
    runKernel('NormscopeSpread', y, { layout, box, known, into }),
  );
  if (spread) finishSpread(known, into);
  return spread;
}
