import { lastWordFamily } from './family';

/** PaddlePaddle: `bn1._mean` and `bn1._variance` beside PyTorch's `weight` and `bias`. */
export const paddle = lastWordFamily(
  { id: 'paddle', convention: 'paddle' },
  { weight: 'gamma', bias: 'beta', _mean: 'movingMean', _variance: 'movingVariance' },
);
