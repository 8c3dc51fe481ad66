import { drift, varianceRatio } from '../../statistics/drift';
import { formatSignificant } from '../../text/format';
import { channelCount, type BatchNormLayer } from '../layer';
import { stepRules, type StepRules } from '../plan';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { driftCause } from './driftCause';
import { findingRule } from './finding';
import { settledFix } from './parameterFix';
import { isFresh } from './neverUpdated';
import { thresholds } from './thresholds';

/** The drift from which it is reported, for n values a channel (`thresholds.ts`). */
export function driftThreshold(n: number): number {
  return Math.max(thresholds.drift, thresholds.driftErrors / Math.sqrt(n));
}

/** Moving statistics that do not describe this batch, in channels that have been updated. */
export const driftedStatistics = findingRule(
  'drift',
  ['batch'],
  ({ layer, batch, rank, flags }) => {
    if (layer.tracking === 'none') return undefined;
    const rules = stepRules(layer, rank, flags);
    const total = channelCount(layer);
    const { mean, variance, n } = batch;
    const { gamma, movingMean, movingVariance } = layer;
    const { epsilon } = rules;
    const driftOf = (c: number): number =>
      drift(mean[c] as number, movingMean[c] as number, movingVariance[c] as number, epsilon);
    const ratioOf = (c: number): number =>
      varianceRatio((variance[c] as number) + epsilon, (movingVariance[c] as number) + epsilon);
    /** Of typical values, as the square root of the mean square: |gamma|·√(drift² + (√ratio − 1)²). */
    const errorOf = (c: number): number =>
      Math.abs(gamma[c] as number) * Math.hypot(driftOf(c), Math.sqrt(ratioOf(c)) - 1);
    const threshold = driftThreshold(n[0] ?? 0);
    const most = thresholds.varianceRatio;
    const isApart = (c: number): boolean =>
      driftOf(c) > threshold ||
      ((n[c] as number) >= thresholds.fewValues &&
        variance[c] !== 0 &&
        (ratioOf(c) > most || ratioOf(c) < 1 / most));
    // Fresh statistics describe no batch, and numbers that are not finite, or no variance, have findings of their own.
    const channels = channelsWhere(
      total,
      c =>
        !isFresh(layer, c) &&
        (movingVariance[c] as number) >= 0 &&
        Number.isFinite(driftOf(c)) &&
        isApart(c),
    );
    if (channels.length === 0) return undefined;
    const far = channels.filter(c => driftOf(c) > threshold);
    const worst = far.length > 0 ? worstOf(far, driftOf) : worstOf(channels, errorOf);
    const cause = driftCause(layer, batch, rules);
    return {
      severity: 'warning',
      message: `${apart(far, channels, { total, worst, drift: driftOf(worst), ratio: ratioOf(worst) })}, so training and inference give different outputs for it: typical ones are ${formatSignificant(errorOf(worst), 3)} apart there. ${cause.text}`,
      channels,
      evidence: {
        channel: worst,
        drift: driftOf(worst),
        threshold,
        batchMean: mean[worst] as number,
        movingMean: movingMean[worst] as number,
        varianceRatio: varianceRatio(variance[worst] as number, movingVariance[worst] as number),
        outputError: errorOf(worst),
        cause: cause.kind,
      },
      table: evidenceTable(channels, errorOf, {
        'batch mean': c => mean[c] as number,
        'moving mean': c => movingMean[c] as number,
        drift: driftOf,
        'batch variance': c => variance[c] as number,
        'moving variance': c => movingVariance[c] as number,
        'output error': errorOf,
      }),
      fix: `Check that this input is prepared as in training; if it is, the statistics have not converged: run more training steps${halving(layer, rules)}.`,
      ...settledFix(channels, batch),
      source:
        'drift = |batch mean − moving mean|/√(moving variance + epsilon); pytorch#5406, pytorch#4741, keras#7265',
    };
  },
);

interface Apart {
  readonly total: number;
  readonly worst: number;
  readonly drift: number;
  readonly ratio: number;
}

/** By the means where they are apart, else by the variances. */
function apart(
  far: readonly number[],
  channels: readonly number[],
  { total, worst, drift: most, ratio }: Apart,
): string {
  if (far.length > 0) {
    return `The moving mean of ${nameChannels(far, total)} is up to ${formatSignificant(most, 3)} moving standard deviations from this batch's mean (channel ${worst})`;
  }
  return `The variance of this batch is ${formatSignificant(ratio, 3)} times the moving one in channel ${worst} of ${nameChannels(channels, total)}`;
}

/** How many steps close half of the gap, where the weight of a batch is constant. */
function halving(layer: BatchNormLayer, { path }: StepRules): string {
  const { momentum, batchesTracked: batchesBefore } = layer;
  if (momentum === null) return '';
  const weight = path.momentum.batchWeight({ momentum, batchesBefore });
  if (weight === 0) return ', with a momentum that gives the batch weight';
  if (weight >= 1) return '';
  const steps = Math.ceil(Math.log(0.5) / Math.log1p(-weight));
  return ` (at this momentum ${steps} halve the gap)`;
}
