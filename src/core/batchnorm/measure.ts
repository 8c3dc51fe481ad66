import { ok, type Result } from '../problem';
import type { Moments } from '../statistics/channels';
import { channelMoments, type ElementMask } from '../statistics/reference';
import { channelLayout } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { Flags } from './flags';
import {
  ghostBatches,
  ghostMoments,
  poolMoments,
  type GhostBatches,
  type GroupMoments,
} from './ghostBatch';
import type { BatchNormLayer } from './layer';
import { elementMask } from './mask';
import { stepRules } from './plan';

/** A batch as a layer sees it, in float64. */
export interface MeasuredBatch {
  /** What the moving statistics take in; without virtual batches, what normalises too. */
  readonly moments: Moments;
  /** Which elements the moments are of, where not of all. */
  readonly mask?: ElementMask;
  /** Where virtual batches normalise themselves. */
  readonly groups?: { readonly ghost: GhostBatches; readonly moments: GroupMoments };
}

/**
 * Measures an input under the layer's rules: masked, or in virtual batches, where the convention's
 * kernel has them.
 * @param mask one entry (0 or 1) a position: the input's shape without its last axis
 * @returns a problem where the mask has another size, or the virtual batches do not divide the batch
 */
export function measureBatch(
  layer: BatchNormLayer,
  input: Tensor,
  flags: Flags,
  mask?: Uint8Array,
): Result<MeasuredBatch> {
  const masked = elementMask(layer, input.shape, mask);
  if (!masked.ok) return masked;
  const { normalizedWith } = stepRules(layer, input.shape.length, flags);
  const ghost = ghostBatches(layer, input.shape, normalizedWith);
  if (!ghost.ok) return ghost;
  if (ghost.value !== undefined) {
    const moments = ghostMoments(ghost.value, input, layer.channelAxis);
    return ok({ moments: poolMoments(moments), groups: { ghost: ghost.value, moments } });
  }
  const layout = channelLayout(input.shape, layer.channelAxis);
  return ok({
    moments: channelMoments(input.data, layout, masked.value),
    ...(masked.value && { mask: masked.value }),
  });
}
