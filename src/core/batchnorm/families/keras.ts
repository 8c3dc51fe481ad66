import type { Ending, NamingFamily, TensorRole } from './family';

const roles: ReadonlyMap<string, TensorRole> = new Map([
  ['gamma', 'gamma'],
  ['beta', 'beta'],
  ['moving_mean', 'movingMean'],
  ['moving_variance', 'movingVariance'],
]);

/**
 * Keras by name, TensorFlow 1 and TensorFlow.js: `bn_conv1/moving_mean`, in Keras 2 with `:0` after it. Which of
 * them it is the names do not tell. Optimizer slots stand one level deeper (`gamma/Adam`).
 */
export const keras: NamingFamily = {
  id: 'keras',
  statistics: { movingMean: 'moving_mean', movingVariance: 'moving_variance' },
  ending: (last): Ending | undefined => {
    const role = roles.get(last.replace(/:\d+$/, ''));
    return role && { roles: [role] };
  },
};
