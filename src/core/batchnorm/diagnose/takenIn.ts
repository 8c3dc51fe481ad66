import type { Moments } from '../../statistics/channels';
import { initialMovingVariance } from '../convention';
import { channelCount, type BatchNormLayer } from '../layer';
import type { StepRules } from '../plan';
import { channelsWhere, median } from './channelsWhere';
import { isFresh } from './neverUpdated';
import { thresholds } from './thresholds';

/** How much of a batch the moving statistics have taken in since the layer was made. */
export interface TakenIn {
  /** 0 to 1: 1 − momentum^k after k batches like it. */
  readonly fraction: number;
  /** Batches that take in as much, to the nearest. */
  readonly steps: number;
  /** Whether it was this very batch each time: channels then agree to the digits of float32. */
  readonly exact: boolean;
}

/**
 * Where the moving statistics of all channels are the same part of the way from the initial ones to those
 * of this batch, they have not arrived: new = (1 − f)·initial + f·batch.
 * @returns undefined where channels disagree, or have arrived
 */
export function takenIn(
  layer: BatchNormLayer,
  batch: Moments,
  rules: StepRules,
): TakenIn | undefined {
  const { agreement, enoughChannels } = thresholds;
  const fresh = channelsWhere(channelCount(layer), c => isFresh(layer, c));
  if (fresh.length > 0) return undefined;
  const means = meanFractions(layer, batch, 0);
  const fraction = median(means);
  if (agrees(means, fraction, agreement.exact)) {
    const steps = stepsFor(layer, rules, fraction);
    // Of a single channel any number is "the same in all": it has to be that of whole steps too.
    const whole = steps !== undefined && near(fractionAfter(layer, rules, steps), fraction, 1e-3);
    if (whole && fraction < 1) return { fraction, steps, exact: true };
  }
  const estimates = [...meanFractions(layer, batch, 4), ...varianceFractions(layer, batch, rules)];
  const estimate = median(estimates);
  const arrived = !(estimate > 0 && estimate < 1 - thresholds.initialLeft.warning);
  if (estimates.length < enoughChannels || arrived) return undefined;
  if (!agrees(estimates, estimate, agreement.estimate)) return undefined;
  const steps = stepsFor(layer, rules, estimate);
  return steps === undefined ? undefined : { fraction: estimate, steps, exact: false };
}

/** Of channels whose mean is more than so many standard errors from 0, so that another batch has much the same. */
function meanFractions(
  layer: BatchNormLayer,
  { n, mean, variance }: Moments,
  errors: number,
): number[] {
  return channelsWhere(channelCount(layer), c => {
    const error = Math.sqrt((variance[c] as number) / (n[c] as number));
    return mean[c] !== 0 && Math.abs(mean[c] as number) > errors * error;
  }).map(c => (layer.movingMean[c] as number) / (mean[c] as number));
}

/** Of channels whose variance is so far from the initial one that another batch's is as well. */
function varianceFractions(layer: BatchNormLayer, batch: Moments, rules: StepRules): number[] {
  const initial = initialMovingVariance(layer.convention);
  return channelsWhere(channelCount(layer), c => {
    const variance = batch.variance[c] as number;
    return (batch.n[c] as number) >= thresholds.fewValues && !near(variance, initial, 0.5);
  }).map(c => {
    const factor = rules.path.movingVariance.factor(batch.n[c] as number, rules.epsilon);
    const seen = (batch.variance[c] as number) * factor;
    return ((layer.movingVariance[c] as number) - initial) / (seen - initial);
  });
}

function agrees(values: readonly number[], middle: number, tolerance: number): boolean {
  return values.length > 0 && values.every(value => near(value, middle, tolerance));
}

function near(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.abs(b);
}

/** What is taken in of a batch by so many steps over it, from a new layer on. */
export function fractionAfter(layer: BatchNormLayer, rules: StepRules, steps: number): number {
  const update = { momentum: layer.momentum, batchesBefore: 0, precision: layer.precision };
  return 1 - rules.path.momentum.remaining(update, steps);
}

/** Steps beyond which nobody waits. */
const mostSteps = 1e9;

/** @returns the steps after which the fraction is nearest; undefined where it never is */
function stepsFor(layer: BatchNormLayer, rules: StepRules, fraction: number): number | undefined {
  const after = (steps: number): number => fractionAfter(layer, rules, steps);
  let high = 1;
  while (after(high) < fraction) {
    high *= 2;
    if (high > mostSteps) return undefined;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (after(middle) < fraction) low = middle;
    else high = middle;
  }
  const isNearer = low > 0 && fraction - after(low) < after(high) - fraction;
  return isNearer ? low : high;
}
