import { channelCount } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';

/** A gamma or beta that is NaN or infinite. */
export const nonFiniteParameters = findingRule('non-finite-parameters', [], ({ layer }) => {
  const { gamma, beta } = layer;
  const total = channelCount(layer);
  const channels = channelsWhere(
    total,
    c => !Number.isFinite(gamma[c]) || !Number.isFinite(beta[c]),
  );
  const first = channels[0];
  if (first === undefined) return undefined;
  return {
    severity: 'error',
    message: `Gamma or beta of ${nameChannels(channels, total)} is not finite, so no output of them is.`,
    channels,
    evidence: { channel: first, gamma: gamma[first] as number, beta: beta[first] as number },
    fix: 'Load parameters from before training diverged; a non-finite gradient usually came first.',
    source: 'y = gamma·(x − mean)/√(variance + epsilon) + beta',
  };
});
