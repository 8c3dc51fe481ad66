import type { Flags } from '../core/batchnorm/flags';
import { channelCount, layerAfter, type BatchNormLayer } from '../core/batchnorm/layer';
import { planStep, type StepPlan } from '../core/batchnorm/plan';
import { fail, ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';
import { channelLayout, formatShape, type ChannelLayout, type Shape } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { forwardSmall, isSmall, plannedAtOnce } from './forwardSmall';
import { outputRules, type OutputRules } from './kernels/affine';
import { normalizePasses } from './kernels/choosePass';
import type { InputKnowledge, LiveInput } from './liveTensors';
import { statisticsOf } from './measureInput';
import { normalizeGroups } from './normalizeGroups';
import { oddMoments, type OddMoments } from './oddMoments';
import { runPass } from './runPass';
import { Slices } from './slices';
import { valuesOf, type Tensor } from './tensorflow';

/** Channels a layer may have: every number of a trace is held once a channel, some forty of them. */
export const channelLimit = 1 << 20;

/** Steps that one request may ask for. */
export const stepLimit = 1_000_000;

export interface StepJob {
  readonly layer: BatchNormLayer;
  readonly flags: Flags;
  readonly steps: number;
  readonly signal: AbortSignal;
}

/** What a framework's batch norm computes: the output, and the statistics after it. */
export interface Forward {
  /** The input as float32; it stays the input's. */
  readonly x: Tensor;
  /** The caller's, to keep or dispose. */
  readonly output: Tensor;
  readonly layout: ChannelLayout;
  readonly batch: InputKnowledge;
  /** Those that the layer saw: the batch's own, or odd ones. */
  readonly moments: Moments;
  readonly plan: StepPlan;
  /** Undefined where virtual batches were normalised each by its own. */
  readonly rules: OutputRules | undefined;
}

/** One step, or several over the same batch. The input's last output goes as soon as this is reached. */
export async function runForward(input: LiveInput, job: StepJob): Promise<Result<Forward>> {
  const { shape } = input.handle;
  const checked = checkJob(job, shape);
  if (!checked.ok) return checked;
  const layout = checked.value;
  const float32 = input.asFloat32();
  if (!float32.ok) return float32;
  const x = float32.value;
  if (isSmall(input, job)) return forwardSmall(input, x, layout, job);
  const batch = await statisticsOf(input, x, layout, job.layer.channelAxis, job.signal);
  if (!batch.ok) return batch;
  const odd = await oddMoments(input, x, layout, job);
  if (!odd.ok) return odd;
  const moments = odd.value?.pooled ?? batch.value.statistics;
  const planned = await planSteps(job, shape.length, moments);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const output = input.takeOutput();
  if (!output.ok) return output;
  const forward = { x, output: output.value, layout, batch: batch.value, moments, plan };
  const rules = await write(forward, odd.value?.groups, job);
  if (rules.ok) return ok({ ...forward, rules: rules.value });
  output.value.dispose();
  return rules;
}

/** @returns a problem where the layer, or the number of steps, does not fit the input */
export function checkJob(
  { layer, steps }: Pick<StepJob, 'layer' | 'steps'>,
  shape: Shape,
): Result<ChannelLayout> {
  const { channelAxis } = layer;
  const layout = checkAxis(channelAxis, shape);
  if (!layout.ok) return layout;
  const { channels } = layout.value;
  if (channels !== channelCount(layer)) {
    return fail(
      'length-mismatch',
      `The layer has ${channelCount(layer)} channels, but axis ${channelAxis} of ${formatShape(shape)} has ${channels}: choose the axis that the layer was made for.`,
    );
  }
  if (channels > channelLimit) {
    return fail(
      'too-many-channels',
      `Axis ${channelAxis} of ${formatShape(shape)} has ${channels} channels, and ${channelLimit} is the limit: choose another channel axis.`,
    );
  }
  if (!Number.isInteger(steps) || steps < 1 || steps > stepLimit) {
    return fail('steps-invalid', `${steps} steps: give a whole number from 1 to ${stepLimit}.`);
  }
  return layout;
}

/** @returns a problem where a shape has no such axis */
export function checkAxis(axis: number, shape: Shape): Result<ChannelLayout> {
  if (shape[axis] !== undefined) return ok(channelLayout(shape, axis));
  return fail(
    'axis-out-of-range',
    `The channel axis is ${axis}, and shape ${formatShape(shape)} has axes 0 to ${shape.length - 1}.`,
  );
}

/** A plan of all the steps asked for, made a few at a time so that a cancellation can come through. */
async function planSteps(job: StepJob, rank: number, batch: Moments): Promise<Result<StepPlan>> {
  const { layer, flags, signal, steps } = job;
  const atOnce = Math.max(1, Math.floor(plannedAtOnce / Math.max(1, channelCount(layer))));
  const slices = new Slices(signal);
  let planned = planStep(layer, rank, batch, flags, Math.min(steps, atOnce));
  for (let done = atOnce; done < steps && planned.ok; done += atOnce) {
    // Without an update every step is the first one over again.
    if (!planned.value.rules.updated) break;
    if (!(await slices.goOn())) return { ok: false, problem: cancelled };
    const from = layerAfter(layer, planned.value);
    planned = planStep(from, rank, batch, flags, Math.min(steps - done, atOnce));
  }
  return planned;
}

async function write(
  { x, output, layout, batch, plan }: Omit<Forward, 'rules'>,
  groups: OddMoments['groups'],
  job: StepJob,
): Promise<Result<OutputRules | undefined>> {
  if (groups !== undefined) {
    const written = await normalizeGroups(x, output, layout, groups, job);
    return written.ok ? ok(undefined) : written;
  }
  const rules = outputRules(plan, layout, batch.statistics);
  const values = [valuesOf(x), valuesOf(output)] as [Float32Array, Float32Array];
  const passes = normalizePasses(...values, layout, rules);
  if (!passes.ok) return passes;
  const slices = new Slices(job.signal);
  for (const pass of passes.value) {
    const written = await runPass('NormscopeNormalize', x, ok(pass), slices, output);
    if (!written.ok) return written;
  }
  return ok(rules);
}
