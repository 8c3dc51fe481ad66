import { ok, type Result } from '../problem';
import type { Moments } from '../statistics/channels';
import type { Flags } from './flags';
import { channelCount, type BatchNormLayer } from './layer';
import { channelInput, inverseStd, planChannel, refusal, stepRules } from './plan';
import type { NormalizedWith } from './trace';

/**
 * What the backward pass of a step needs to know of the forward one: one entry a channel, of the whole
 * batch or of one virtual batch. float64.
 *
 * The closed forms are those that TensorFlow (`fused_batch_norm_op.cc:362-369,534-536`) and PyTorch
 * (`Normalization.cpp`) compute, with inv = 1/√(v + epsilon) and xhat = (x − m)·inv:
 *
 *     dbeta = Σdy    dgamma = Σdy·xhat
 *     batch statistics:  dx = gamma·inv·(dy − Σdy/n − xhat·Σ(dy·xhat)/n)
 *     moving statistics: dx = gamma·inv·dy, dm = −gamma·inv·Σdy, dv = −½·gamma·inv³·Σdy·(x − m)
 *
 * Which line holds is the convention's answer to the flags, as in the forward step. Where the layer
 * renormalises, r and d are constants: gamma becomes gamma·r in dx, and dgamma = Σdy·(xhat·r + d).
 * Under a mask every position passes its dy on, and only those that count are reached through the mean
 * and the variance: the two shared terms are multiplied by the position's weight.
 */
export interface BackwardPlan {
  readonly normalizedWith: NormalizedWith;
  readonly gamma: Float64Array;
  /** m */
  readonly mean: Float64Array;
  readonly inv: Float64Array;
  /** 1 and 0 where the layer does not renormalise. */
  readonly r: Float64Array;
  readonly d: Float64Array;
  /** What the sums of the batch's mean and variance are divided by. */
  readonly divisor: Float64Array;
  /** Σ(x − m) over what counts, divided by that: 0, unless the divisor is not the count (Keras 3's masks). */
  readonly offset: Float64Array;
}

/** Sums over a batch or a virtual one, one entry a channel; over all positions, masked or not. */
export interface BackwardSums {
  /** Σdy */
  readonly dy: Float64Array;
  /** Σdy·(x − m) */
  readonly product: Float64Array;
}

export function emptyBackwardSums(channels: number): BackwardSums {
  return { dy: new Float64Array(channels), product: new Float64Array(channels) };
}

/**
 * @param rank rank of the input
 * @param batch moments of the batch, or of one virtual batch
 * @param denominatorEpsilon what the mask's rule adds to the count
 * @returns a problem where the convention refuses the input, as in the forward step
 */
export function planBackward(
  layer: BatchNormLayer,
  rank: number,
  batch: Moments,
  flags: Flags,
  denominatorEpsilon = 0,
): Result<BackwardPlan> {
  const refused = refusal(layer, rank, batch.n[0] ?? 0, flags);
  if (refused) return { ok: false, problem: refused };
  const rules = stepRules(layer, rank, flags);
  const column = (): Float64Array => new Float64Array(channelCount(layer));
  const plan = {
    mean: column(),
    inv: column(),
    r: column(),
    d: column(),
    divisor: column(),
    offset: column(),
  };
  for (let c = 0; c < plan.mean.length; c++) {
    const forward = planChannel(rules, channelInput(layer, batch, c));
    const divisor = (batch.n[c] as number) + denominatorEpsilon;
    plan.mean[c] = forward.mean;
    plan.inv[c] = inverseStd(rules, forward.variance);
    plan.r[c] = forward.correction?.r ?? 1;
    plan.d[c] = forward.correction?.d ?? 0;
    plan.divisor[c] = divisor;
    plan.offset[c] = (forward.mean * denominatorEpsilon) / divisor;
  }
  return ok({ normalizedWith: rules.normalizedWith, gamma: layer.gamma, ...plan });
}

/** One channel's gradients of everything but the input. */
export interface ParameterGradients {
  readonly gamma: number;
  readonly beta: number;
  /**
   * Of the mean and variance that normalise, taken as arguments of their own. null where they are the
   * batch's: what depends on them there is part of the input's gradient.
   */
  readonly moving: { readonly mean: number; readonly variance: number } | null;
}

export function parameterGradients(
  plan: BackwardPlan,
  sums: BackwardSums,
  c: number,
): ParameterGradients {
  const { gamma, inv, r, d } = channelOf(plan, c);
  const [dy, product] = [sums.dy[c] as number, sums.product[c] as number];
  return {
    gamma: product * inv * r + dy * d,
    beta: dy,
    moving:
      plan.normalizedWith === 'batch'
        ? null
        : { mean: -gamma * inv * dy, variance: -0.5 * gamma * inv ** 3 * product },
  };
}

/** One channel's dx = own·dy − weight·(shared + slope·(x − m)), where weight is that of the position: 0 or 1. */
export interface InputGradientRule {
  readonly mean: number;
  readonly own: number;
  readonly shared: number;
  readonly slope: number;
}

export function inputGradientRule(
  plan: BackwardPlan,
  sums: BackwardSums,
  c: number,
): InputGradientRule {
  const { gamma, mean, inv, r } = channelOf(plan, c);
  const own = gamma * r * inv;
  if (plan.normalizedWith === 'moving') return { mean, own, shared: 0, slope: 0 };
  const each = own / (plan.divisor[c] as number);
  const slope = each * inv * inv * (sums.product[c] as number);
  const shared = each * (sums.dy[c] as number) - slope * (plan.offset[c] as number);
  return { mean, own, shared, slope };
}

/** @param weight 0 where a mask leaves the position out of the statistics, else 1 */
export function inputGradient(
  { mean, own, shared, slope }: InputGradientRule,
  x: number,
  dy: number,
  weight: number,
): number {
  return own * dy - weight * (shared + slope * (x - mean));
}

function channelOf(
  { gamma, mean, inv, r, d }: BackwardPlan,
  c: number,
): Readonly<Record<'gamma' | 'mean' | 'inv' | 'r' | 'd', number>> {
  return {
    gamma: gamma[c] as number,
    mean: mean[c] as number,
    inv: inv[c] as number,
    r: r[c] as number,
    d: d[c] as number,
  };
}
