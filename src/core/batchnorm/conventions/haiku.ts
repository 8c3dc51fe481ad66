import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { debiasedAverage } from '../momentumRules';
import { biased } from '../varianceRules';

function haikuBecause({ training, trainable }: Flags): Because {
  const mode = training ? 'is_training is True' : 'is_training is False';
  return {
    normalization: training ? mode : `${mode} and so is test_local_stats`,
    update: mode,
    ...(trainable ? {} : { parameters: "an optimiser's mask freezes scale and offset" }),
  };
}

/** `hk.BatchNorm` of DeepMind's Haiku: its averages start from the first batch, and at 0 before it. */
export const haiku: Convention = {
  id: 'haiku',
  name: 'Haiku',
  api: 'hk.BatchNorm',
  versions: 'as of commit f4d858a',
  changes: [],
  defaults: { epsilon: 1e-5, momentum: 0.9, channelAxis: -1, training: false, trainable: true },
  initialMovingVariance: 0,
  momentum: debiasedAverage,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  cancellation: {
    loses: 'variance',
    when: 'batch',
    where: 'Haiku',
    source: 'dm-haiku f4d858a haiku/_src/batch_norm.py:127-205; it does not clamp the result',
  },
  ranks: [1, 8],
  singleValue: {
    kind: 'accepted',
    note: 'Haiku accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice:
    'call the module with is_training=True and keep the state that transform_with_state returns.',
  because: haikuBecause,
  flagNames: { training: 'is_training', trainable: 'trainable (no optimiser mask)' },
  parameterNames: {
    gamma: 'scale',
    beta: 'offset',
    movingMean: 'mean_ema/average',
    movingVariance: 'var_ema/average',
  },
  notes: [
    'decay_rate and is_training have no default in Haiku and must be given: 0.9, as in its own ResNet, and False stand in here where nobody says.',
    'The k-th batch weighs (1 − decay_rate)/(1 − decay_rate^k); k is the counter of the state (num_batches_tracked in a run file) plus 1.',
    'Haiku takes the variance as E[x²] − E[x]² in the type of the input and does not clamp it, so that it can be negative.',
  ],
  badInput:
    'A scale given twice is a ValueError. A variance that rounding makes negative is not clamped, and gives NaN.',
  verifiedByRunning: false,
  execution: 'Never executed: read in the source, and held to the numbers of its own test.',
  source:
    'dm-haiku f4d858a haiku/_src/batch_norm.py:127-205, haiku/_src/moving_averages.py:93-134; literals of batch_norm_test.py',
};
