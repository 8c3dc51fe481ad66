import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule, type OtherLayer } from './finding';
import { parameterFix } from './parameterFix';
import { thresholds } from './thresholds';

/** Ranks of a distributed run whose moving statistics are each of its own part of the data. */
export const ranksDiffer = findingRule('ranks-differ', ['ranks'], ({ layer, ranks }) => {
  const total = channelCount(layer);
  const usable = ranks.every(rank => channelCount(rank.layer) === total);
  if (ranks.length < 2 || layer.tracking === 'none' || !usable) return undefined;
  const pooled = pool(ranks, total);
  const spread = (c: number): number =>
    Math.sqrt((pooled.between[c] as number) / ((pooled.variance[c] as number) + layer.epsilon));
  const channels = channelsWhere(total, c => spread(c) > thresholds.rankSpread);
  if (channels.length === 0) return undefined;
  const worst = worstOf(channels, spread);
  const variance = pooled.variance[worst] as number;
  const within = pooled.within[worst] as number;
  return {
    severity: 'warning',
    message: `The moving statistics of ${nameChannels(channels, total)} differ between the ${ranks.length} ranks, by up to ${formatSignificant(spread(worst), 3)} deviations (channel ${worst}): each rank took them from its own part of the batch. Pooled, channel ${worst} has mean ${formatSignificant(pooled.mean[worst] as number)} and variance ${formatSignificant(variance)}; the average of the ranks' variances, ${formatSignificant(within)}, leaves out what is between them.`,
    channels,
    evidence: {
      channel: worst,
      ranks: ranks.length,
      spread: spread(worst),
      pooledMean: pooled.mean[worst] as number,
      pooledVariance: variance,
      averageOfVariances: within,
    },
    table: evidenceTable(channels, spread, {
      ...Object.fromEntries(
        ranks
          .slice(0, 4)
          .map((rank, i) => [
            `moving mean ${i}`,
            (c: number) => rank.layer.movingMean[c] as number,
          ]),
      ),
      'pooled mean': c => pooled.mean[c] as number,
      'pooled variance': c => pooled.variance[c] as number,
      'average of variances': c => pooled.within[c] as number,
    }),
    fix: 'Use SyncBatchNorm, or pool the statistics of all ranks before saving: the mean of the means, and the mean of the variances plus the variance of the means.',
    whatIf: parameterFix(channels, {
      movingMean: c => pooled.mean[c] as number,
      movingVariance: c => pooled.variance[c] as number,
    }),
    source:
      'total variance = within + between; huggingface/pytorch-image-models#110, open-mmlab/mmdetection#2539, pytorch#30718, facebookresearch/fvcore#152',
  };
});

interface Pooled {
  readonly mean: Float64Array;
  /** within + between. */
  readonly variance: Float64Array;
  readonly within: Float64Array;
  readonly between: Float64Array;
}

/** As many values on every rank. */
function pool(ranks: readonly OtherLayer[], channels: number): Pooled {
  const average = (value: (rank: OtherLayer, c: number) => number): Float64Array =>
    Float64Array.from({ length: channels }, (_, c) =>
      ranks.reduce((sum, rank) => sum + value(rank, c) / ranks.length, 0),
    );
  const mean = average(({ layer }, c) => layer.movingMean[c] as number);
  const within = average(({ layer }, c) => layer.movingVariance[c] as number);
  const between = average(
    ({ layer }, c) => ((layer.movingMean[c] as number) - (mean[c] as number)) ** 2,
  );
  return { mean, within, between, variance: within.map((v, c) => v + (between[c] as number)) };
}
