import { formatSetting, formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { thresholds } from './thresholds';

/** A moving variance far below epsilon: that of a dead channel, still on its way from 1 to 0. */
export const tinyMovingVariance = findingRule('tiny-moving-variance', [], known => {
  const { layer, rank, flags } = known;
  if (layer.tracking === 'none') return undefined;
  const { epsilon } = stepRules(layer, rank, flags);
  const total = channelCount(layer);
  const { movingVariance } = layer;
  const channels = channelsWhere(total, c => {
    const variance = movingVariance[c] as number;
    return variance > 0 && variance < epsilon * thresholds.tinyVariance;
  });
  if (channels.length === 0) return undefined;
  const variance = (c: number): number => movingVariance[c] as number;
  const worst = worstOf(channels, c => -variance(c));
  const scale = (c: number): number =>
    (layer.gamma[c] as number) / Math.sqrt(variance(c) + epsilon);
  return {
    severity: 'note',
    message: `The moving variance of ${nameChannels(channels, total)} is next to 0 (down to ${formatSignificant(variance(worst), 3)}, with epsilon ${formatSetting(epsilon)}): the channel hardly varied in training, and its scale is gamma/√epsilon, up to ${formatSignificant(Math.max(...channels.map(c => Math.abs(scale(c)))), 3)}.`,
    channels,
    evidence: { channel: worst, movingVariance: variance(worst), epsilon, scale: scale(worst) },
    table: evidenceTable(channels, c => -variance(c), {
      'moving variance': variance,
      gamma: c => layer.gamma[c] as number,
      scale,
    }),
    fix: 'The channel is dead, or nearly: prune it, or see why it is constant (a ReLU before it that never fires). Another epsilon changes its output most.',
    source:
      'a moving variance of constant batches is momentum^k after k of them; flax#1491, facebookresearch/detectron2#3160',
  };
});
