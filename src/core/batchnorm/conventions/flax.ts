import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { biased } from '../varianceRules';

function flaxBecause({ training, trainable }: Flags): Because {
  const mode = training ? 'use_running_average is False' : 'use_running_average is True';
  return {
    normalization: mode,
    update: mode,
    ...(trainable ? {} : { parameters: "an optimiser's mask freezes scale and bias" }),
  };
}

/** `flax.linen.BatchNorm` and `flax.nnx.BatchNorm`: training is `use_running_average=False`. */
export const flax: Convention = {
  id: 'flax',
  name: 'Flax',
  api: 'flax.linen.BatchNorm',
  versions: 'linen was run; nnx follows the same rule in its source',
  changes: [],
  defaults: { epsilon: 1e-5, momentum: 0.99, channelAxis: -1, training: true, trainable: true },
  momentum: exponentialOld,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  cancellation: {
    loses: 'variance',
    when: 'batch',
    where: 'Flax, with use_fast_variance as it is by default,',
    source: 'flax 18f8f31 flax/linen/normalization.py:60-151, _compute_stats',
  },
  ranks: [1, 8],
  singleValue: {
    kind: 'accepted',
    note: 'Flax accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice:
    'call the module with use_running_average=False and batch_stats mutable, and keep the batch_stats that it returns.',
  because: flaxBecause,
  flagNames: {
    training: 'training (not use_running_average)',
    trainable: 'trainable (no optimiser mask)',
  },
  parameterNames: { gamma: 'scale', beta: 'bias', movingMean: 'mean', movingVariance: 'var' },
  notes: [
    'linen has no default for use_running_average and raises where it is given neither in the call nor in the constructor; nnx starts with False.',
    'linen does not update while it initialises, and raises where batch_stats is not mutable.',
    'Flax takes the variance as max(0, E[x²] − E[x]²) in float32, which loses digits where |mean| is large beside the deviation.',
  ],
  badInput:
    'use_running_average given neither in the call nor in the constructor, or in both, is an error in linen, as is an update of batch_stats that are not mutable.',
  verifiedByRunning: true,
  execution:
    'Run: linen, whose numbers agreed with these rules; none of them is kept. nnx was read and not run.',
  source:
    'flax 18f8f31 flax/linen/normalization.py:60-151,247-421 and flax/nnx/nn/normalization.py:201-421',
};
