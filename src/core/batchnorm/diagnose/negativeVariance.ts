import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, nameChannels, worstOf } from './channelsWhere';
import type { FindingRule } from './finding';

/** A moving variance below 0, which no data can have. */
export const negativeVariance: FindingRule = {
  id: 'negative-variance',
  find: ({ layer, rank, flags }) => {
    if (layer.tracking === 'none') return undefined;
    const { movingVariance } = layer;
    const total = channelCount(layer);
    const channels = channelsWhere(total, c => (movingVariance[c] as number) < 0);
    if (channels.length === 0) return undefined;
    const { epsilon } = stepRules(layer, rank, flags);
    const worst = worstOf(channels, c => -(movingVariance[c] as number));
    const variance = movingVariance[worst] as number;
    const outcome =
      variance + epsilon > 0
        ? 'epsilon still hides it in inference'
        : 'adding epsilon does not make it positive, so inference gives NaN or infinity';
    const exported = Math.abs(variance + epsilon) < epsilon / 100;
    return {
      id: negativeVariance.id,
      severity: 'error',
      message: `The moving variance of ${nameChannels(channels, total)} is below 0 (down to ${formatSignificant(variance)}), which no variance can be; ${outcome}.`,
      channels,
      evidence: { channel: worst, movingVariance: variance, epsilon },
      fix: exported
        ? 'It is about −epsilon: an exporter took epsilon off a variance of 0. Add it back, or set these to 0.'
        : 'Check that the file stores a variance (not a logarithm, an inverse or random numbers), and that mean and variance are not swapped.',
      source: 'MobileNet-Caffe#87 (−epsilon), pytorch#106605, tensorflow#18334',
    };
  },
};
