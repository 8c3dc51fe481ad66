import { formatSignificant } from '../../text/format';
import type { CancellationRule } from '../convention';
import { kernelRules } from '../layer';
import type { Trace } from '../trace';
import { channelsWhere, nameChannels, worstOf } from './channelsWhere';
import type { FindingRule } from './finding';

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
    threshold: 1e-2,
    of: ratio => unit * ratio * ratio,
    words: loss =>
      `takes the variance as E[x²] − E[x]², which float32 rounds by about ${loss} times variance + epsilon there`,
  },
  // Both terms of x·scale + (beta − mean·scale) are about mean·scale.
  output: {
    threshold: 1e-3,
    of: ratio => unit * ratio,
    words: loss =>
      `computes x·scale + (beta − mean·scale), which float32 rounds by about ${loss} times gamma there`,
  },
};

/** Where the framework's own float32 would lose digits that the numbers shown here have. */
export const lostDigits: FindingRule = {
  id: 'lost-digits',
  find: ({ layer, trace, rank }) => {
    const rule = kernelRules(layer, rank).cancellation;
    if (trace === null || rule === undefined) return undefined;
    if (rule.when !== 'always' && rule.when !== trace.normalizedWith) return undefined;
    const { threshold, of, words } = losses[rule.loses];
    const lossIn = (c: number): number => of(ratioOf(trace, c));
    const channels = channelsWhere(trace.channels, c => lossIn(c) > threshold);
    const [first] = channels;
    if (first === undefined) return undefined;
    const worst = worstOf(channels, lossIn);
    const loss = formatSignificant(lossIn(worst), 2);
    return {
      id: lostDigits.id,
      severity: 'warning',
      message: `The mean of ${nameChannels(channels, trace.channels)} is up to ${formatSignificant(ratioOf(trace, worst), 3)} deviations from 0 (channel ${worst}). ${rule.where} ${words(loss)}; the numbers here are computed without that loss, so its own are others.`,
      channels,
      evidence: { channel: worst, ratio: ratioOf(trace, worst), loss: lossIn(worst), threshold },
      fix: 'Subtract a constant near the mean before the layer, or run it in float64.',
      source: rule.source,
    };
  },
};

/** |mean|/√(variance + epsilon) of the statistics that normalise; NaN compares with nothing. */
function ratioOf(trace: Trace, c: number): number {
  const { normalizedWith, batch, movingMeanBefore, movingVarianceBefore, epsilon } = trace;
  const [mean, variance] =
    normalizedWith === 'batch'
      ? [batch.mean[c], batch.variance[c]]
      : [movingMeanBefore[c], movingVarianceBefore[c]];
  return Math.abs(mean as number) / Math.sqrt((variance as number) + epsilon);
}
