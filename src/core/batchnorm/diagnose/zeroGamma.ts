import { channelCount } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';

/** A gamma of exactly 0: the channel passes nothing on. */
export const zeroGamma = findingRule('zero-gamma', [], ({ layer }) => {
  const total = channelCount(layer);
  const channels = channelsWhere(total, c => layer.gamma[c] === 0);
  const first = channels[0];
  if (first === undefined) return undefined;
  return {
    severity: 'warning',
    message: `Gamma of ${nameChannels(channels, total)} is exactly 0: the output is beta whatever the input.`,
    channels,
    evidence: { channel: first, gamma: 0, beta: layer.beta[first] as number },
    fix: 'Right for the last layer of a zero-initialised residual branch; elsewhere the channel was pruned or has died and can be removed.',
    source: 'y = gamma·(x − mean)/√(variance + epsilon) + beta',
  };
});
