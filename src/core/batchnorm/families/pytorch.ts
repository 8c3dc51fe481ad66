import { lastWordFamily } from './family';

/**
 * PyTorch's state dicts. Without `running_mean` and `running_var` (track_running_stats=False) a batch norm
 * cannot be told from a LayerNorm or a GroupNorm, and an InstanceNorm that tracks is named as one.
 */
export const pytorch = lastWordFamily(
  {
    id: 'pytorch',
    convention: 'pytorch',
    statistics: { movingMean: 'running_mean', movingVariance: 'running_var' },
  },
  {
    weight: 'gamma',
    bias: 'beta',
    running_mean: 'movingMean',
    running_var: 'movingVariance',
    num_batches_tracked: 'batchesTracked',
  },
);
