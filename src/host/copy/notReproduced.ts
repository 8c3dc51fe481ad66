import { channelLayout, countPerChannel } from '../../core/tensor/shape';
import type { Results } from './copyFormat';

/**
 * Why a script that normalises the whole batch comes to other numbers than those shown; undefined where
 * it comes to the same.
 */
export function notReproduced({ inspection, trace }: Results): string | undefined {
  const { layer } = inspection.present;
  if (trace.normalizedWith === 'moving') return undefined;
  if (layer.renorm) return "renorm corrects the batch's statistics";
  if (layer.virtualBatchSize !== undefined) {
    return `every virtual batch of ${layer.virtualBatchSize} samples has its own statistics`;
  }
  const n = countPerChannel(channelLayout(inspection.shape, layer.channelAxis));
  return trace.batch.n.some(kept => kept !== n) ? 'a mask leaves positions out' : undefined;
}

/** Channels whose variance + epsilon is 0, so that the formula divides by 0. */
export function dividedByZero({ inspection, trace }: Results): number[] {
  const { layer } = inspection.present;
  const variance = trace.normalizedWith === 'batch' ? trace.batch.variance : layer.movingVariance;
  return Array.from(variance, (v, c) => (v + trace.epsilon === 0 ? c : -1)).filter(c => c >= 0);
}
