import type { Moments } from '../statistics/channels';
import { updateReason } from './explain';
import type { Flags } from './flags';
import type { BatchNormLayer } from './layer';
import type { MovingUpdate } from './momentumRules';
import { channelInput, stepRules, type ChannelInput, type StepRules } from './plan';

/** One moving statistic of one channel on its way to the same batch, taken in again and again. */
export interface MovingApproach {
  /** As it is now. */
  readonly from: number;
  /** What it approaches: the batch's mean, or the variance that the convention remembers of it. */
  readonly to: number;
  /** After this many more steps, before float32 rounds each of them; `from` where the update is stopped. */
  readonly after: (steps: number) => number;
  /** Fraction of the distance from `from` to `to` that is left then; 1 at 0 steps. */
  readonly left: (steps: number) => number;
}

/** Where the moving statistics of a channel go under the layer's convention and momentum. */
export interface Approach {
  /** In the convention's own meaning; null is the cumulative average. */
  readonly momentum: number | null;
  /** Whether they move at all. */
  readonly moves: boolean;
  /** Completes "because …": why they move, or stay. */
  readonly reason: string;
  readonly mean: MovingApproach;
  readonly variance: MovingApproach;
}

/** How far is near: the marks of a projection. */
export const halfWay = 0.5;
export const withinOnePercent = 0.01;

/** Steps beyond which nobody waits: what is not reached by then is reached never. */
const mostSteps = 1e12;

/**
 * Projects the moving statistics of one channel over further steps of the same batch, in closed form.
 * @param rank rank of the input
 * @param momentum another than the layer's, in the meaning of its convention
 */
export function approachOf(
  layer: BatchNormLayer,
  rank: number,
  batch: Moments,
  flags: Flags,
  channel: number,
  momentum: number | null = layer.momentum,
): Approach {
  const tried = momentum === layer.momentum ? layer : { ...layer, momentum };
  const rules = stepRules(tried, rank, flags);
  const numbers = channelInput(tried, batch, channel);
  const { momentum: rule, movingVariance } = rules.path;
  const update: MovingUpdate = {
    momentum,
    batchesBefore: rules.batchesTracked,
    precision: rules.precision,
  };
  const empty = numbers.n === 0 && rules.emptyBatch === 'ignored';
  const moves = rules.updated && !empty && rule.remaining(update, 1) !== 1;
  const remaining = (steps: number): number => (moves ? rule.remaining(update, steps) : 1);
  const seen = numbers.batchVariance * movingVariance.factor(numbers.n, rules.epsilon);
  return {
    momentum,
    moves,
    reason: empty
      ? 'this channel has no elements, which the convention passes over'
      : updateReason(tried, rank, flags),
    mean: straight(numbers.movingMean, numbers.batchMean, remaining),
    variance:
      rules.renorm === undefined || numbers.renorm === undefined
        ? straight(numbers.movingVariance, seen, remaining)
        : renormalised(rules, numbers, numbers.renorm.movingStddev, remaining),
  };
}

/** Steps until no more than this fraction of the distance is left; undefined where that never happens. */
export function stepsUntil(approach: MovingApproach, fraction: number): number | undefined {
  const near = (steps: number): boolean => Math.abs(approach.left(steps)) <= fraction;
  let high = 1;
  while (!near(high)) {
    high *= 2;
    if (high > mostSteps) return undefined;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (near(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A statistic that is blended itself. */
function straight(from: number, to: number, left: (steps: number) => number): MovingApproach {
  return { from, to, left, after: steps => between(from, to, left(steps)) };
}

/** Exact at both ends, and where both are the same. */
function between(from: number, to: number, left: number): number {
  if (left === 1 || from === to) return from;
  return left === 0 ? to : to + (from - to) * left;
}

/** With batch renormalisation √(vB + epsilon) is blended, and the variance taken from it (`renormAfter`). */
function renormalised(
  { epsilon }: StepRules,
  { movingVariance: from, batchVariance }: ChannelInput,
  stddev: number,
  remaining: (steps: number) => number,
): MovingApproach {
  const varianceOf = (deviation: number): number => Math.max(deviation * deviation - epsilon, 0);
  const target = Math.sqrt(batchVariance + epsilon);
  const to = varianceOf(target);
  const after = (steps: number): number => {
    const left = remaining(steps);
    return steps === 0 || left === 1 ? from : varianceOf(between(stddev, target, left));
  };
  const distance = from - to;
  const left = (steps: number): number =>
    distance === 0 ? remaining(steps) : (after(steps) - to) / distance;
  return { from, to, after, left };
}
