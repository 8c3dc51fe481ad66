import type { Problem } from '../problem';
import type { BatchNormLayer } from './layer';

/** Options that the framework does not have, or does not have together. */
export function optionRefusal(
  layer: Pick<BatchNormLayer, 'convention' | 'renorm' | 'virtualBatchSize'>,
): Problem | undefined {
  const { convention, renorm, virtualBatchSize } = layer;
  const refuse = (message: string): Problem => ({
    code: 'option-refused',
    severity: 'error',
    message,
  });
  if (renorm !== undefined && convention.renorm === undefined) {
    return refuse(`${convention.name} has no batch renormalisation: leave renorm out.`);
  }
  if (virtualBatchSize === undefined) return undefined;
  if (convention.ghostBatch === undefined) {
    return refuse(`${convention.name} has no virtual batches: leave virtual_batch_size out.`);
  }
  return renorm === undefined
    ? undefined
    : refuse('renorm and virtual_batch_size are not computed together: leave one of them out.');
}
