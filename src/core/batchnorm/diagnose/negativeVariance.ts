import { formatSetting, formatSignificant } from '../../text/format';
import { channelCount, type BatchNormLayer } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { parameterFix } from './parameterFix';
import { thresholds } from './thresholds';

/** Epsilons that exporters have taken off, beside the layer's own. */
const usualEpsilons = [1e-3, 1e-4, 1.001e-5, 1e-5];

/** A moving variance below 0, which no data can have. */
export const negativeVariance = findingRule('negative-variance', [], ({ layer, rank, flags }) => {
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
  const missing = (one: number): number => Math.abs(variance + one) / one;
  const [taken] = [epsilon, ...usualEpsilons]
    .filter(one => one > 0 && missing(one) < thresholds.exportedEpsilon)
    .sort((a, b) => missing(a) - missing(b));
  return {
    severity: 'error',
    message: `The moving variance of ${nameChannels(channels, total)} is below 0 (down to ${formatSignificant(variance)}), which no variance can be; ${outcome}.`,
    channels,
    evidence: {
      channel: worst,
      movingVariance: variance,
      epsilon,
      ...(taken !== undefined && { epsilonTakenOff: taken }),
    },
    table: evidenceTable(channels, c => -(movingVariance[c] as number), {
      'moving variance': c => movingVariance[c] as number,
      'moving mean': c => layer.movingMean[c] as number,
      'variance + epsilon': c => (movingVariance[c] as number) + epsilon,
    }),
    fix: cure(layer, taken),
    ...(taken !== undefined && {
      whatIf: parameterFix(channels, {
        movingVariance: c => Math.max(0, (movingVariance[c] as number) + taken),
      }),
    }),
    source:
      'shicai/MobileNet-Caffe#87 (−epsilon), pytorch#106605 (random numbers), tensorflow#18334, GrowlR/pytorch2keras#120 (swapped)',
  };
});

function cure(layer: BatchNormLayer, taken: number | undefined): string {
  if (taken !== undefined) {
    return `It is about −epsilon (${formatSetting(taken)}): an exporter took epsilon off a variance of 0. Add it back, or set these to 0.`;
  }
  // Means have both signs, variances one.
  if (layer.movingMean.every(mean => mean > 0)) {
    return 'Every moving mean is above 0, as variances are: mean and variance are likely swapped. Check the order in which they were written.';
  }
  return 'Check that the file stores a variance (not a logarithm, an inverse or random numbers), and that mean and variance are not swapped.';
}
