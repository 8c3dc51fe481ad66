import { formatSignificant } from '../../../text/format';
import { agreed, ratios } from './agreedRatio';
import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type PairFindingRule } from './pairFinding';

/** B's moving statistics are one number times A's in all channels: sums that were not divided, or Bessel's correction. */
export const statisticsScaled: PairFindingRule = {
  id: 'statistics-scaled',
  find: pair => {
    const { a, b } = pair.values;
    const variance = agreed(ratios(a.movingVariance, b.movingVariance));
    if (variance === undefined || Math.abs(variance - 1) < 1e-5) return undefined;
    const means = ratios(a.movingMean, b.movingMean);
    const mean = agreed(means);
    const both = mean !== undefined && Math.abs(mean / variance - 1) < 1e-4;
    const same = mean !== undefined && Math.abs(mean - 1) < 1e-4;
    if (!both && !same) return undefined;
    const written = formatSignificant(variance, 6);
    const n = variance > 1 ? variance / (variance - 1) : 1 / (1 - variance);
    const whole = Math.abs(n - Math.round(n)) < 1e-3 * n && n > 1.5;
    const bessel = whole
      ? `, which is n/(n − 1) at n = ${Math.round(n)}: ${variance > 1 ? 'B has the unbiased one, A' : 'A has the unbiased one, B'} the biased`
      : '';
    const before = inferenceOfA(pair);
    const { movingMean, movingVariance } = b;
    return {
      severity: both ? 'error' : 'warning',
      message: both
        ? `B's moving means and variances are both ${written} times A's in all channels: sums that were not divided, or divided twice.`
        : `B's moving variances are ${written} times A's in all channels${bessel}.`,
      channels: noChannels,
      evidence: { factor: variance, ...(!both && whole && { n: Math.round(n) }) },
      fix: both
        ? 'Divide by the scale factor that the file has beside them (the third blob of a Caffe BatchNorm), once.'
        : 'Nothing, where B was trained on under another framework; else take over the numbers as they are.',
      source: both
        ? 'caffe src/caffe/layers/batch_norm_layer.cpp:86-147'
        : 'tensorflow#55545, pytorch#77427, tinygrad/tinygrad#807',
      effect: effectOn(
        pair.a.name,
        before,
        { ...before, movingMean, movingVariance },
        { 'moving variance of A': a.movingVariance, 'of B': movingVariance },
      ),
    };
  },
};
