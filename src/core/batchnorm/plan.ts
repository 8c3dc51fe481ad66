import type { Moments } from '../statistics/channels';
import { ok, type Problem, type Result } from '../problem';
import { rounder, type Precision } from '../tensor/tensor';
import type { Convention, PathRules } from './convention';
import type { Flags } from './flags';
import { channelCount, kernelRules, type BatchNormLayer, type LayerParameters } from './layer';
import type { MovingUpdate } from './momentumRules';
import {
  copyRenorm,
  correction,
  renormAfter,
  renormOf,
  setRenorm,
  type Correction,
  type Renorm,
  type RenormNumbers,
  type RenormState,
} from './renorm';
import { optionRefusal } from './optionRefusal';
import type { NormalizedWith } from './trace';

/** One channel's numbers before a step. */
export interface ChannelInput {
  readonly gamma: number;
  readonly beta: number;
  readonly movingMean: number;
  readonly movingVariance: number;
  readonly n: number;
  readonly batchMean: number;
  /** Biased. */
  readonly batchVariance: number;
  /** Where the layer renormalises. */
  readonly renorm?: RenormNumbers;
}

/** The numbers of one channel of a layer over a batch with these moments. */
export function channelInput(
  layer: LayerParameters & Pick<BatchNormLayer, 'renorm'>,
  batch: Moments,
  channel: number,
): ChannelInput {
  const { renorm } = layer;
  const numbers: ChannelInput = {
    gamma: layer.gamma[channel] as number,
    beta: layer.beta[channel] as number,
    movingMean: layer.movingMean[channel] as number,
    movingVariance: layer.movingVariance[channel] as number,
    n: batch.n[channel] as number,
    batchMean: batch.mean[channel] as number,
    batchVariance: batch.variance[channel] as number,
  };
  // Spreading costs more than all the rest of a channel's step, so only where there is something to spread.
  return renorm === undefined ? numbers : { ...numbers, renorm: renormOf(renorm.state, channel) };
}

/** What a step makes of them. The output is `(x − mean) · scale + beta`, with the beta below. */
export interface ChannelPlan {
  /** The mean that normalises. */
  readonly mean: number;
  /** The variance that normalises. */
  readonly variance: number;
  /** gamma / sqrt(variance + epsilon); times r where the layer renormalises. */
  readonly scale: number;
  /** The layer's, and gamma·d with it where the layer renormalises. */
  readonly beta: number;
  /** Present where it was applied. */
  readonly correction?: Correction;
  readonly movingMeanAfter: number;
  readonly movingVarianceAfter: number;
  /** Present where the layer renormalises. */
  readonly renormAfter?: RenormNumbers;
}

type MovingAfter = Pick<ChannelPlan, 'movingMeanAfter' | 'movingVarianceAfter' | 'renormAfter'>;

/** A convention's rules with the flags and numbers of one step put in. */
export interface StepRules {
  readonly path: PathRules;
  readonly normalizedWith: NormalizedWith;
  readonly updated: boolean;
  /** Raised to the kernel's floor. */
  readonly epsilon: number;
  readonly zeroVarianceInverse: Convention['zeroVarianceInverse'];
  readonly emptyBatch: Convention['emptyBatch'];
  readonly momentum: number | null;
  readonly batchesTracked: number;
  readonly precision: Precision;
  readonly renorm?: Omit<Renorm, 'state'>;
}

export type RuleInput = Pick<
  BatchNormLayer,
  | 'convention'
  | 'epsilon'
  | 'momentum'
  | 'channelAxis'
  | 'batchesTracked'
  | 'tracking'
  | 'precision'
  | 'renorm'
  | 'virtualBatchSize'
>;

export function stepRules(layer: RuleInput, rank: number, flags: Flags): StepRules {
  const { convention, renorm } = layer;
  const path = kernelRules(layer, rank);
  const rules: StepRules = {
    path,
    normalizedWith:
      layer.tracking === 'none' || convention.usesBatchStatistics.test(flags) ? 'batch' : 'moving',
    updated: layer.tracking === undefined && convention.updatesMoving.test(flags),
    epsilon: Math.max(layer.epsilon, path.epsilonFloor),
    zeroVarianceInverse: convention.zeroVarianceInverse,
    emptyBatch: convention.emptyBatch,
    momentum: layer.momentum,
    batchesTracked: layer.batchesTracked,
    precision: layer.precision,
  };
  return renorm === undefined ? rules : { ...rules, renorm };
}

/**
 * 1/sqrt(variance + epsilon): epsilon sits inside the root in every framework read. A negative sum
 * gives NaN, as it does there.
 */
export function inverseStd(rules: StepRules, variance: number): number {
  const sum = variance + rules.epsilon;
  // PyTorch's training kernel guards 1/0 (Normalization.cpp, InvStd); its evaluation path does not.
  if (sum === 0 && rules.normalizedWith === 'batch' && rules.zeroVarianceInverse === 'zero')
    return 0;
  return 1 / Math.sqrt(sum);
}

/** One output, not yet rounded to what the framework stores. */
export function normalized(plan: Pick<ChannelPlan, 'mean' | 'scale' | 'beta'>, x: number): number {
  return (x - plan.mean) * plan.scale + plan.beta;
}

/** The transition of one channel: the only place where batch norm's formulas are written. */
export function planChannel(rules: StepRules, channel: ChannelInput): ChannelPlan {
  const batch = rules.normalizedWith === 'batch';
  const mean = batch ? channel.batchMean : channel.movingMean;
  const variance = batch ? channel.batchVariance : channel.movingVariance;
  const scale = channel.gamma * inverseStd(rules, variance);
  const after = movingAfter(rules, channel);
  const { movingMeanAfter, movingVarianceAfter } = after;
  const { beta } = channel;
  const plain = { mean, variance, scale, beta, movingMeanAfter, movingVarianceAfter };
  if (rules.renorm === undefined || channel.renorm === undefined) return plain;
  if (!batch) return { ...plain, ...after };
  const { clipping } = rules.renorm;
  const fix = correction(clipping, channel.renorm, { mean, variance }, rules.epsilon);
  return {
    ...plain,
    ...after,
    scale: scale * fix.r,
    beta: beta + channel.gamma * fix.d,
    correction: fix,
  };
}

/** The moving statistics after one more batch; exactly those before it where the update is stopped. */
export function movingAfter(rules: StepRules, channel: ChannelInput): MovingAfter {
  const { movingMean, movingVariance, batchMean, batchVariance, renorm } = channel;
  if (!rules.updated || (channel.n === 0 && rules.emptyBatch === 'ignored')) {
    const same = { movingMeanAfter: movingMean, movingVarianceAfter: movingVariance };
    return renorm === undefined ? same : { ...same, renormAfter: renorm };
  }
  const update = movingUpdate(rules, rules.momentum);
  const movingMeanAfter = blend(rules, update, movingMean, batchMean);
  if (rules.renorm !== undefined && renorm !== undefined) {
    const batch = { mean: batchMean, variance: batchVariance };
    const slow = movingUpdate(rules, rules.renorm.momentum);
    const after = renormAfter(renorm, batch, rules.epsilon, {
      moving: (old, now) => blend(rules, update, old, now),
      renorm: (old, now) => blend(rules, slow, old, now),
    });
    const movingVarianceAfter = rounder(rules.precision)(after.movingVariance);
    return { movingMeanAfter, movingVarianceAfter, renormAfter: after };
  }
  const seen = batchVariance * rules.path.movingVariance.factor(channel.n, rules.epsilon);
  return { movingMeanAfter, movingVarianceAfter: blend(rules, update, movingVariance, seen) };
}

function movingUpdate(
  { batchesTracked, precision }: StepRules,
  momentum: number | null,
): MovingUpdate {
  return { momentum, batchesBefore: batchesTracked, precision };
}

/** A batch's number taken into a moving one, as stored. */
function blend(rules: StepRules, update: MovingUpdate, old: number, batch: number): number {
  return rounder(rules.precision)(rules.path.momentum.blend(old, batch, update));
}

/** A whole step as vectors, ready for a kernel that computes `(x − mean) · scale + beta`. */
export interface StepPlan {
  readonly rules: StepRules;
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  readonly beta: Float64Array;
  readonly movingMeanAfter: Float64Array;
  readonly movingVarianceAfter: Float64Array;
  readonly batchesTrackedAfter: number;
  /** Present where the layer renormalises. */
  readonly renormAfter?: RenormState;
}

/**
 * Plans `steps` steps over the same batch. The statistics that normalise are those of the last step.
 * @param rank rank of the input
 * @param batch moments of the input, one entry a channel of the layer
 * @returns a problem where the convention refuses the input (one value a channel, its rank)
 */
export function planStep(
  layer: BatchNormLayer,
  rank: number,
  batch: Moments,
  flags: Flags,
  steps = 1,
): Result<StepPlan> {
  const refused = refusal(layer, rank, batch.n[0] ?? 0, flags);
  if (refused) return { ok: false, problem: refused };
  const channels = channelCount(layer);
  const column = (): Float64Array => new Float64Array(channels);
  const [mean, scale, beta] = [column(), column(), column()];
  const [movingMeanAfter, movingVarianceAfter] = [column(), column()];
  const { gamma } = layer;
  const moved = {
    gamma,
    beta: layer.beta,
    movingMean: movingMeanAfter,
    movingVariance: movingVarianceAfter,
  };
  const renorm = layer.renorm && { ...layer.renorm, state: copyRenorm(layer.renorm.state) };
  let tracked = layer.batchesTracked;
  let rules = stepRules(layer, rank, flags);
  for (let step = 0; step < Math.max(steps, 1); step++) {
    if (step > 0) rules = { ...rules, batchesTracked: tracked };
    const before = step === 0 ? layer : moved;
    const present = renorm === undefined ? before : { ...before, renorm };
    for (let c = 0; c < channels; c++) {
      const one = planChannel(rules, channelInput(present, batch, c));
      mean[c] = one.mean;
      scale[c] = one.scale;
      beta[c] = one.beta;
      movingMeanAfter[c] = one.movingMeanAfter;
      movingVarianceAfter[c] = one.movingVarianceAfter;
      if (renorm && one.renormAfter) setRenorm(renorm.state, c, one.renormAfter);
    }
    if (rules.updated) tracked++;
  }
  const plan: StepPlan = {
    rules,
    mean,
    scale,
    beta,
    movingMeanAfter,
    movingVarianceAfter,
    batchesTrackedAfter: tracked,
  };
  return ok(renorm === undefined ? plan : { ...plan, renormAfter: renorm.state });
}

/**
 * Why the convention refuses this input, if it does: its rank, an option that it does not have, or one value a channel where the
 * batch's own statistics are asked for.
 * @param n elements a channel
 */
export function refusal(
  layer: RuleInput,
  rank: number,
  n: number,
  flags: Flags,
): Problem | undefined {
  const { convention } = layer;
  const [low, high] = convention.ranks;
  if (rank < low || rank > high) {
    return {
      code: 'rank-refused',
      severity: 'error',
      message: `${convention.name} takes inputs of rank ${low} to ${high}, and this one has rank ${rank}.`,
    };
  }
  const unknown = optionRefusal(layer);
  if (unknown) return unknown;
  const { normalizedWith, path } = stepRules(layer, rank, flags);
  const { singleValue } = path;
  if (n === 1 && normalizedWith === 'batch' && singleValue.kind === 'refused') {
    return {
      code: 'single-value',
      severity: 'error',
      message: `${convention.name} refuses one value a channel in training ("${singleValue.message}"): use a larger batch, or turn training off.`,
    };
  }
  return undefined;
}
