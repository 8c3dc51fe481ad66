import { drift, varianceRatio } from '../../statistics/drift';
import { formatSignificant } from '../../text/format';
import { channelCount, type BatchNormLayer } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, nameChannels, worstOf } from './channelsWhere';
import type { FindingRule } from './finding';
import { isFresh } from './neverUpdated';

/**
 * The drift from which it is reported, for n values a channel. One moving standard deviation moves
 * the output by gamma, as far as a typical value is from the mean: inference then answers for other
 * data. The mean of n independent values strays by itself about 1/√n of a standard deviation, so a
 * small batch has to show four times that before it is evidence of anything.
 */
export function driftThreshold(n: number): number {
  return Math.max(1, 4 / Math.sqrt(n));
}

/** Moving statistics that do not describe this batch, in channels that have been updated. */
export const driftedStatistics: FindingRule = {
  id: 'drift',
  find: ({ layer, trace, rank, flags }) => {
    if (trace === null || layer.tracking === 'none') return undefined;
    const total = channelCount(layer);
    const { mean, variance, n } = trace.batch;
    const { movingMean, movingVariance } = layer;
    const driftOf = (c: number): number =>
      drift(mean[c] as number, movingMean[c] as number, movingVariance[c] as number, trace.epsilon);
    const threshold = driftThreshold(n[0] ?? 0);
    // Fresh statistics describe no batch, and numbers that are not finite have findings of their own.
    const channels = channelsWhere(
      total,
      c => !isFresh(layer, c) && Number.isFinite(driftOf(c)) && driftOf(c) > threshold,
    );
    if (channels.length === 0) return undefined;
    const worst = worstOf(channels, driftOf);
    const most = formatSignificant(driftOf(worst), 3);
    const { batchWeight } = stepRules(layer, rank, flags).path.momentum;
    const weight = batchWeight({
      momentum: layer.momentum,
      batchesBefore: layer.batchesTracked,
    });
    return {
      id: driftedStatistics.id,
      severity: 'warning',
      message: `The moving mean of ${nameChannels(channels, total)} is up to ${most} moving standard deviations from this batch's mean (channel ${worst}), so training and inference give different outputs for it.`,
      channels,
      evidence: {
        channel: worst,
        drift: driftOf(worst),
        threshold,
        batchMean: mean[worst] as number,
        movingMean: movingMean[worst] as number,
        varianceRatio: varianceRatio(variance[worst] as number, movingVariance[worst] as number),
      },
      fix: `Check that this input is prepared as in training; if it is, the statistics have not converged: run more training steps${halving(layer, weight)}.`,
      source:
        'drift = |batch mean − moving mean|/√(moving variance + epsilon); pytorch#5406, pytorch#4741, keras#7265',
    };
  },
};

/** How many steps close half of the gap, where the weight of a batch is constant. */
function halving(layer: BatchNormLayer, weight: number): string {
  if (layer.momentum === null) return '';
  if (weight === 0) return ', with a momentum that gives the batch weight';
  if (weight >= 1) return '';
  const steps = Math.ceil(Math.log(0.5) / Math.log1p(-weight));
  return ` (at this momentum ${steps} halve the gap)`;
}
