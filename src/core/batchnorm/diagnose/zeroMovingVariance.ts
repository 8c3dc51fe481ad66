import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';
import { isFresh } from './neverUpdated';
import { parameterFix } from './parameterFix';

/** A moving variance of exactly 0: the channel was constant in every batch, or the file is empty. */
export const zeroMovingVariance = findingRule(
  'zero-moving-variance',
  [],
  ({ layer, rank, flags }) => {
    if (layer.tracking === 'none') return undefined;
    const { movingVariance } = layer;
    const total = channelCount(layer);
    // A layer whose framework starts at 0 has a finding of its own.
    const channels = channelsWhere(total, c => movingVariance[c] === 0 && !isFresh(layer, c));
    const first = channels[0];
    if (first === undefined) return undefined;
    const { epsilon } = stepRules(layer, rank, flags);
    const amplification = 1 / Math.sqrt(epsilon);
    const outcome =
      epsilon === 0
        ? 'with an epsilon of 0 inference divides by 0'
        : `inference multiplies any deviation from the mean by 1/√epsilon = ${formatSignificant(amplification, 4)}`;
    return {
      severity: 'warning',
      message: `The moving variance of ${nameChannels(channels, total)} is exactly 0: ${outcome}.`,
      channels,
      evidence: { channel: first, movingVariance: 0, epsilon, amplification },
      fix: 'The channel is dead (constant in training), or the statistics were never written. Check its inputs; prune it or set the variance to 1.',
      whatIf: parameterFix(channels, { movingVariance: () => 1 }),
      source: 'facebookresearch/detectron2#3160, flax#1491; scale = gamma/√(variance + epsilon)',
    };
  },
);
