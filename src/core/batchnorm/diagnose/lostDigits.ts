import { formatSignificant } from '../../text/format';
import type { CancellationRule } from '../convention';
import { channelCount, kernelRules, type BatchNormLayer } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, nameChannels, worstOf } from './channelsWhere';
import { findingRule, type MovingStatistics } from './finding';
import { thresholds } from './thresholds';

/** Half a unit of the last place of float32, relative. */
const unit = 2 ** -24;

/** What the numbers of one channel come to in float32 that cancels, of a variance or of gamma. */
interface Loss {
  /** From which on it is reported: a hundredth of a variance, a thousandth of gamma. */
  readonly threshold: number;
  readonly of: (ratio: number) => number;
  readonly words: (loss: string) => string;
}

/** `ratio` is |mean|/√(variance + epsilon). */
const losses: Readonly<Record<CancellationRule['loses'], Loss>> = {
  // E[x²] is about mean², and rounded to unit·mean² before mean² is taken off.
  variance: {
    threshold: thresholds.varianceLost,
    of: ratio => unit * ratio * ratio,
    words: loss =>
      `takes the variance as E[x²] − E[x]², which float32 rounds by about ${loss} times variance + epsilon there`,
  },
  // Both terms of x·scale + (beta − mean·scale) are about mean·scale.
  output: {
    threshold: thresholds.outputLost,
    of: ratio => unit * ratio,
    words: loss =>
      `computes x·scale + (beta − mean·scale), which float32 rounds by about ${loss} times gamma there`,
  },
};

/** Where the framework's own float32 would lose digits that the numbers shown here have. */
export const lostDigits = findingRule('lost-digits', [], known => {
  const { layer, rank, flags } = known;
  const rule = kernelRules(layer, rank).cancellation;
  const { normalizedWith, epsilon } = stepRules(layer, rank, flags);
  if (rule === undefined) return undefined;
  if (rule.when !== 'always' && rule.when !== normalizedWith) return undefined;
  const statistics = normalizedWith === 'batch' ? known.batch : movingOf(layer);
  if (!statistics) return undefined;
  const ratio = (c: number): number => ratioOf(statistics, epsilon, c);
  const total = channelCount(layer);
  const { threshold, of, words } = losses[rule.loses];
  const lossIn = (c: number): number => of(ratio(c));
  const channels = channelsWhere(total, c => lossIn(c) > threshold);
  const [first] = channels;
  if (first === undefined) return undefined;
  const worst = worstOf(channels, lossIn);
  const loss = formatSignificant(lossIn(worst), 2);
  return {
    severity: 'warning',
    message: `The mean of ${nameChannels(channels, total)} is up to ${formatSignificant(ratio(worst), 3)} deviations from 0 (channel ${worst}). ${rule.where} ${words(loss)}; the numbers here are computed without that loss, so its own are others.`,
    channels,
    evidence: { channel: worst, ratio: ratio(worst), loss: lossIn(worst), threshold },
    fix: 'Subtract a constant near the mean before the layer, or run it in float64.',
    source: rule.source,
  };
});

/** |mean|/√(variance + epsilon); NaN compares with nothing. */
function ratioOf({ mean, variance }: MovingStatistics, epsilon: number, c: number): number {
  // A variance below 0 has its own finding.
  const deviation =
    (variance[c] as number) < 0 ? NaN : Math.sqrt((variance[c] as number) + epsilon);
  return Math.abs(mean[c] as number) / deviation;
}

function movingOf({ movingMean, movingVariance }: BatchNormLayer): MovingStatistics {
  return { mean: movingMean, variance: movingVariance };
}
