import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { usualGamma } from './gammaSize';
import { thresholds } from './thresholds';

/** A gamma that has come down to next to nothing, though not to 0. */
export const deadGamma = findingRule('dead-gamma', [], ({ layer }) => {
  const usual = usualGamma(layer);
  if (usual === undefined) return undefined;
  const total = channelCount(layer);
  const size = (c: number): number => Math.abs(layer.gamma[c] as number);
  const channels = channelsWhere(total, c => size(c) > 0 && size(c) < thresholds.deadGamma * usual);
  if (channels.length === 0) return undefined;
  const worst = worstOf(channels, c => -size(c));
  return {
    severity: 'note',
    message: `Gamma of ${nameChannels(channels, total)} is next to 0 (${formatSignificant(layer.gamma[worst] as number, 3)} in channel ${worst}, where the layer's median is ${formatSignificant(usual, 3)}): the output is beta whatever the input.`,
    channels,
    evidence: { channel: worst, gamma: layer.gamma[worst] as number, median: usual },
    table: evidenceTable(channels, c => -size(c), {
      gamma: c => layer.gamma[c] as number,
      beta: c => layer.beta[c] as number,
    }),
    fix: 'Weight decay on gamma does this to channels that are of no use: they can be pruned, with beta moved into the layer after them.',
    source: 'y = gamma·(x − mean)/√(variance + epsilon) + beta; Liu et al. 2017, Network Slimming',
  };
});
