import { channelCount } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';

/** A channel whose values in this batch are all the same, though there are several. */
export const constantChannel = findingRule(
  'constant-channel',
  ['batch'],
  ({ layer, batch, rank, flags }) => {
    const { n, mean, variance } = batch;
    const total = channelCount(layer);
    const channels = channelsWhere(total, c => (n[c] as number) > 1 && variance[c] === 0);
    const first = channels[0];
    if (first === undefined) return undefined;
    const outcome =
      stepRules(layer, rank, flags).normalizedWith === 'batch'
        ? 'every output is beta'
        : 'every output of the channel is the same number';
    return {
      severity: 'note',
      message: `The batch is constant in ${nameChannels(channels, total)} (variance exactly 0): ${outcome}.`,
      channels,
      evidence: { channel: first, n: n[first] as number, value: mean[first] as number },
      fix: 'Check for a dead activation or padding upstream if the channel should vary.',
      source: 'x − mean is 0 for every element',
    };
  },
);
