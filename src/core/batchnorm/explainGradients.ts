import type { Flags } from './flags';
import { kernelRules, type BatchNormLayer } from './layer';
import { stepRules } from './plan';
import type { Upstream } from './upstream';

/**
 * Says in one sentence how a loss reaches the input under these flags, and whether gamma and beta learn.
 * @param rank rank of the input
 * @param masked whether the input has a mask, whatever its convention makes of it
 * @param upstream what the loss is, where that is known
 */
export function explainGradients(
  layer: BatchNormLayer,
  rank: number,
  flags: Flags,
  masked: boolean,
  upstream?: Upstream['kind'],
): string {
  const { convention } = layer;
  const { normalizedWith } = stepRules(layer, rank, flags);
  const ofBatch = normalizedWith === 'batch';
  const input = ofBatch
    ? "The batch's mean and variance depend on the input, so its gradient goes through them too"
    : "The moving mean and variance are constants, so the input's gradient is the output's times gamma/√(variance + epsilon)";
  const learn = convention.updatesParameters.test(flags)
    ? 'gamma and beta learn'
    : 'the gradients of gamma and beta are used by no optimiser, because trainable is off, and the input still has its own';
  const weighted = kernelRules(layer, rank).mask.kind === 'weighted';
  const apart =
    masked && ofBatch && weighted
      ? '; a position that the mask leaves out has no part in the mean and variance, and so only passes on its own'
      : '';
  // Σy = n·beta, whatever x is: the two shared terms take away what each output passes on.
  const nothing =
    upstream === 'ones' && ofBatch && !masked
      ? ' The sum of the outputs is n·beta whatever x is, so this loss asks nothing of x: its gradient is 0, up to rounding.'
      : '';
  return `${input}${apart}; ${learn}.${nothing}`;
}
