import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { usualGamma } from './gammaSize';
import { thresholds } from './thresholds';

/** A gamma far above those beside it. */
export const explodingGamma = findingRule('exploding-gamma', [], ({ layer }) => {
  const usual = usualGamma(layer);
  if (usual === undefined) return undefined;
  const total = channelCount(layer);
  const size = (c: number): number => Math.abs(layer.gamma[c] as number);
  const channels = channelsWhere(
    total,
    c => Number.isFinite(size(c)) && size(c) > thresholds.explodingGamma * usual,
  );
  if (channels.length === 0) return undefined;
  const worst = worstOf(channels, size);
  return {
    severity: 'warning',
    message: `Gamma of ${nameChannels(channels, total)} is up to ${formatSignificant(size(worst) / usual, 3)} times the layer's median (${formatSignificant(layer.gamma[worst] as number, 4)} in channel ${worst}): the channel drowns the others in the layer after it.`,
    channels,
    evidence: { channel: worst, gamma: layer.gamma[worst] as number, median: usual },
    table: evidenceTable(channels, size, {
      gamma: c => layer.gamma[c] as number,
      'times the median': c => size(c) / usual,
    }),
    fix: 'Lower the learning rate of gamma or give it weight decay, and look at the steps in which it grew.',
    source: 'y = gamma·(x − mean)/√(variance + epsilon) + beta',
  };
});
