import { channelCount } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';
import { settledFix } from './parameterFix';

/** A moving mean or variance that is NaN or infinite. */
export const nonFiniteStatistics = findingRule(
  'non-finite-statistics',
  [],
  ({ layer, firstBad, batch }) => {
    if (layer.tracking === 'none') return undefined;
    const { movingMean, movingVariance } = layer;
    const total = channelCount(layer);
    const isBad = (c: number): boolean =>
      !Number.isFinite(movingMean[c]) || !Number.isFinite(movingVariance[c]);
    const channels = channelsWhere(total, isBad);
    const first = channels[0];
    if (first === undefined) return undefined;
    const since = firstBad
      ? ` They were first seen so at step ${firstBad.step}, in channel ${firstBad.channel}.`
      : '';
    return {
      severity: 'error',
      message: `The moving statistics of ${nameChannels(channels, total)} are not finite: a moving average never forgets a NaN or an infinity, so inference stays wrong for good.${since}`,
      channels,
      evidence: {
        channel: first,
        movingMean: movingMean[first] as number,
        movingVariance: movingVariance[first] as number,
        ...(firstBad && { firstStep: firstBad.step, firstChannel: firstBad.channel }),
      },
      fix: 'Go back to statistics from before the poisoned batch, or reset them to 0 and 1 and run clean batches in training mode.',
      ...settledFix(channels, batch),
      source:
        'pytorch#1206, pytorch#10008; new = (1 − a)·NaN + a·batch is NaN for every weight a < 1',
    };
  },
);
