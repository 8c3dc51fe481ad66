import { ok, type Result } from '../problem';
import type { Moments } from '../statistics/channels';
import { firstNonFinite } from '../statistics/firstNonFinite';
import { summarizeChannels } from '../statistics/reference';
import { channelLayout, sizeOf } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { Flags } from './flags';
import { channelCount, layerAfter, type BatchNormLayer } from './layer';
import { measureBatch } from './measure';
import { normalized, planStep, type StepPlan } from './plan';
import type { Trace } from './trace';

export interface Step {
  readonly output: Tensor;
  readonly layer: BatchNormLayer;
  readonly trace: Trace;
}

/**
 * The reference: one batch-norm step (or `steps` over the same batch), in float64 throughout, rounded
 * to the layer's precision where a framework would store a number. Pure; the engine is held to it.
 * @param input any rank the convention accepts; its dimension on the layer's channel axis must be the
 *   layer's channel count, which the caller has checked
 * @param mask one entry (0 or 1) a position: the input's shape without its last axis. What it does is
 *   the convention's `mask` rule
 */
export function step(
  layer: BatchNormLayer,
  input: Tensor,
  flags: Flags,
  steps = 1,
  mask?: Uint8Array,
): Result<Step> {
  const layout = channelLayout(input.shape, layer.channelAxis);
  const measured = measureBatch(layer, input, flags, mask);
  if (!measured.ok) return measured;
  const { moments: batch, groups } = measured.value;
  const rank = input.shape.length;
  const planned = planStep(layer, rank, batch, flags, steps);
  if (!planned.ok) return planned;
  const parts: StepPlan[] = [];
  for (let group = 0; groups !== undefined && group < groups.ghost.groups; group++) {
    const plan = planStep(layer, rank, groups.moments.of(group), flags);
    if (!plan.ok) return plan;
    parts.push(plan.value);
  }
  const planOf = (sample: number): StepPlan =>
    (groups && parts[groups.ghost.groupOf(sample)]) ?? planned.value;
  const data = normalizeAll(layer, input, planOf);
  return ok({
    output: { shape: input.shape, dtype: layer.precision, data },
    layer: layerAfter(layer, planned.value),
    trace: {
      ...traceOf(layer, batch, planned.value, steps),
      output: summarizeChannels(data, layout),
      firstNonFinite: firstNonFinite(input.data, layout),
    },
  });
}

/** The output, rounded to what the framework stores. @param planOf by the index on axis 0 */
function normalizeAll(
  { precision, channelAxis }: BatchNormLayer,
  { shape, data: x }: Tensor,
  planOf: (sample: number) => StepPlan,
): Float32Array | Float64Array {
  const { inner, channels } = channelLayout(shape, channelAxis);
  const sample = sizeOf(shape.slice(1));
  const data = precision === 'float32' ? new Float32Array(x.length) : new Float64Array(x.length);
  for (let i = 0; i < data.length; i++) {
    const c = Math.floor(i / inner) % channels;
    const { mean, scale, beta } = planOf(Math.floor(i / sample));
    const one = { mean: mean[c] as number, scale: scale[c] as number, beta: beta[c] as number };
    // A Float32Array rounds as it stores.
    data[i] = normalized(one, x[i] as number);
  }
  return data;
}

function traceOf(
  layer: BatchNormLayer,
  batch: Moments,
  { rules, movingMeanAfter, movingVarianceAfter }: StepPlan,
  steps: number,
): Omit<Trace, 'output'> {
  return {
    channels: channelCount(layer),
    normalizedWith: rules.normalizedWith,
    updated: rules.updated,
    epsilon: rules.epsilon,
    steps,
    batch,
    movingMeanBefore: layer.movingMean,
    movingMeanAfter,
    movingVarianceBefore: layer.movingVariance,
    movingVarianceAfter,
  };
}
