import { formatSignificant } from '../../../text/format';
import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type PairFindingRule } from './pairFinding';

/** B has A's variances for means, and A's means for variances: they were written in another order. */
export const statisticsSwapped: PairFindingRule = {
  id: 'statistics-swapped',
  find: pair => {
    const { a, b } = pair.values;
    const isSwapped = near(a.movingMean, b.movingVariance) && near(a.movingVariance, b.movingMean);
    // Means that are also the variances are swapped with nothing.
    if (!isSwapped || near(a.movingMean, b.movingMean)) return undefined;
    const before = inferenceOfA(pair);
    const { movingMean, movingVariance } = b;
    return {
      severity: 'error',
      message:
        "B's moving means are A's moving variances, and the other way round: they are swapped.",
      channels: noChannels,
      evidence: {
        movingMeanA: a.movingMean[0] as number,
        movingVarianceA: a.movingVariance[0] as number,
        movingMeanB: b.movingMean[0] as number,
        movingVarianceB: b.movingVariance[0] as number,
      },
      fix: `Write the mean first and the variance second, as in gamma, beta, moving mean, moving variance: channel 0 has mean ${formatSignificant(a.movingMean[0] as number)}.`,
      source: 'GrowlR/pytorch2keras#120',
      effect: effectOn(
        pair.a.name,
        before,
        { ...before, movingMean, movingVariance },
        { 'moving mean of A': a.movingMean, 'moving variance of A': a.movingVariance },
      ),
    };
  },
};

function near(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, c) => Math.abs(value - (b[c] as number)) <= 1e-5 * Math.abs(value));
}
