import { fail, ok, type Result } from '../problem';
import type { TensorData } from '../tensor/tensor';
import type { ElementMask } from '../statistics/reference';
import { formatShape, sizeOf, type Shape } from '../tensor/shape';
import { kernelRules, type KernelChoice } from './layer';

/**
 * What a mask does to a layer's statistics over an input of this shape; undefined where the
 * convention's kernel has none, or takes one and ignores it.
 * @param mask one entry (0 or 1) a position: the input's shape without its last axis
 * @returns a problem where the mask has another size, or the layer has virtual batches (Keras 2 reshapes
 *   the input and not the mask, so that the two do not fit together)
 */
export function elementMask(
  layer: KernelChoice,
  shape: Shape,
  mask: Uint8Array | undefined,
): Result<ElementMask | undefined> {
  const path = kernelRules(layer, shape.length);
  if (mask === undefined || path.mask.kind === 'ignored') return ok(undefined);
  if (layer.virtualBatchSize !== undefined) {
    return fail(
      'mask-with-virtual-batches',
      'A mask and virtual_batch_size are not computed together: leave one of them out.',
    );
  }
  const positions = shape.slice(0, -1);
  if (mask.length !== sizeOf(positions)) {
    return fail(
      'mask-shape',
      `The mask has ${mask.length} values: it needs ${sizeOf(positions)}, one a position, in shape ${formatShape(positions)} (the input's without its last axis).`,
    );
  }
  const run = shape.at(-1) ?? 1;
  return ok({ weights: mask, run, denominatorEpsilon: path.mask.denominatorEpsilon });
}

/** 1 for every position that counts. */
export function toWeights(mask: TensorData): Uint8Array {
  return Uint8Array.from(mask, x => (x === 0 ? 0 : 1));
}
