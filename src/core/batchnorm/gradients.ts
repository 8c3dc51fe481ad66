import { fail, ok, type Result } from '../problem';
import { channelLayout, sizeOf } from '../tensor/shape';
import type { Tensor, TensorData } from '../tensor/tensor';
import {
  emptyBackwardSums,
  inputGradient,
  inputGradientRule,
  parameterGradients,
  planBackward,
  type BackwardPlan,
  type BackwardSums,
  type InputGradientRule,
} from './backward';
import type { Flags } from './flags';
import { channelCount, type BatchNormLayer } from './layer';
import { measureBatch, type MeasuredBatch } from './measure';
import { stepRules } from './plan';
import type { NormalizedWith } from './trace';

/** What a loss would do to a layer's arguments, given what it does to the output. float64. */
export interface Gradients {
  /** One an element of the input. */
  readonly x: Float64Array;
  /** One a channel, as are all below. */
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  /**
   * Of the mean and variance that normalise, taken as arguments of their own. null where they are the
   * batch's: what depends on them there is part of `x`.
   */
  readonly movingMean: Float64Array | null;
  readonly movingVariance: Float64Array | null;
  readonly normalizedWith: NormalizedWith;
  /** Whether these flags let an optimiser use `gamma` and `beta`; `x` flows on in any case. */
  readonly parametersLearn: boolean;
}

/** Gradients of everything but the input. */
export type ParameterVectors = Omit<Gradients, 'x'>;

/** A batch, or one virtual batch of several, on its way back. */
export interface BackwardPart {
  readonly plan: BackwardPlan;
  readonly sums: BackwardSums;
}

/**
 * The reference: the closed forms of `backward.ts` over a whole input, in float64. Virtual batches are
 * batches of their own, whose gradients of gamma and beta are added up.
 * @param dy the loss's gradient at every output, in the input's order
 * @param mask one entry (0 or 1) a position: the input's shape without its last axis
 * @returns a problem where the convention refuses the input, or dy is of another length
 */
export function gradients(
  layer: BatchNormLayer,
  input: Tensor,
  dy: TensorData,
  flags: Flags,
  mask?: Uint8Array,
): Result<Gradients> {
  if (dy.length !== input.data.length) {
    return fail(
      'length-mismatch',
      `The output's gradient has ${dy.length} values: it needs ${input.data.length}, one an output.`,
    );
  }
  const measured = measureBatch(layer, input, flags, mask);
  if (!measured.ok) return measured;
  const parts = planParts(layer, input, measured.value, flags);
  if (!parts.ok) return parts;
  const walk = elementWalk(layer, input, measured.value);
  walk((at, part, c) => {
    const { plan, sums } = parts.value[part] as BackwardPart;
    const deviation = (input.data[at] as number) - (plan.mean[c] as number);
    sums.dy[c] = (sums.dy[c] as number) + (dy[at] as number);
    sums.product[c] = (sums.product[c] as number) + (dy[at] as number) * deviation;
  });
  const rules = parts.value.map(({ plan, sums }) =>
    Array.from(plan.mean, (_, c) => inputGradientRule(plan, sums, c)),
  );
  const x = new Float64Array(input.data.length);
  const { mask: counted } = measured.value;
  walk((at, part, c) => {
    const rule = (rules[part] as (typeof rules)[number])[c] as InputGradientRule;
    const weight = counted === undefined ? 1 : counted.weights[Math.floor(at / counted.run)];
    x[at] = inputGradient(rule, input.data[at] as number, dy[at] as number, weight as number);
  });
  const totals = new ParameterTotals(layer, input.shape.length, flags);
  for (const part of parts.value) totals.add(part);
  return ok({ x, ...totals.vectors() });
}

function planParts(
  layer: BatchNormLayer,
  { shape }: Tensor,
  { moments, groups, mask }: MeasuredBatch,
  flags: Flags,
): Result<BackwardPart[]> {
  const parts: BackwardPart[] = [];
  for (let part = 0; part < (groups?.ghost.groups ?? 1); part++) {
    const own = groups?.moments.of(part) ?? moments;
    const plan = planBackward(layer, shape.length, own, flags, mask?.denominatorEpsilon);
    if (!plan.ok) return plan;
    parts.push({ plan: plan.value, sums: emptyBackwardSums(channelCount(layer)) });
  }
  return ok(parts);
}

/** Visits every element with its channel and the virtual batch that it is normalised in. */
function elementWalk(
  { channelAxis }: BatchNormLayer,
  { shape, data }: Tensor,
  { groups }: MeasuredBatch,
): (visit: (at: number, part: number, channel: number) => void) => void {
  const { channels, inner } = channelLayout(shape, channelAxis);
  const sample = sizeOf(shape.slice(1));
  return visit => {
    for (let at = 0; at < data.length; at++) {
      const part = groups?.ghost.groupOf(Math.floor(at / sample)) ?? 0;
      visit(at, part, Math.floor(at / inner) % channels);
    }
  };
}

/** Adds up what the parts of a batch do to the parameters that they share. */
export class ParameterTotals {
  private readonly gamma: Float64Array;
  private readonly beta: Float64Array;
  private readonly movingMean: Float64Array;
  private readonly movingVariance: Float64Array;

  /** @param rank rank of the input */
  constructor(
    private readonly layer: BatchNormLayer,
    private readonly rank: number,
    private readonly flags: Flags,
  ) {
    const column = (): Float64Array => new Float64Array(channelCount(layer));
    this.gamma = column();
    this.beta = column();
    this.movingMean = column();
    this.movingVariance = column();
  }

  add({ plan, sums }: BackwardPart): void {
    const { gamma, beta, movingMean, movingVariance } = this;
    for (let c = 0; c < gamma.length; c++) {
      const one = parameterGradients(plan, sums, c);
      gamma[c] = (gamma[c] as number) + one.gamma;
      beta[c] = (beta[c] as number) + one.beta;
      // Only batch statistics come in parts.
      movingMean[c] = one.moving?.mean ?? 0;
      movingVariance[c] = one.moving?.variance ?? 0;
    }
  }

  vectors(): ParameterVectors {
    const { layer, flags, gamma, beta, movingMean, movingVariance } = this;
    const { normalizedWith } = stepRules(layer, this.rank, flags);
    const ofBatch = normalizedWith === 'batch';
    return {
      gamma,
      beta,
      movingMean: ofBatch ? null : movingMean,
      movingVariance: ofBatch ? null : movingVariance,
      normalizedWith,
      parametersLearn: layer.convention.updatesParameters.test(flags),
    };
  }
}
