import { channelCount } from '../core/batchnorm/layer';
import { planStep } from '../core/batchnorm/plan';
import { ok, type Result } from '../core/problem';
import { sizeOf, type ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import type { Forward, StepJob } from './forward';
import { outputRules } from './kernels/affine';
import { emptyStatistics } from './kernels/moments';
import { simdFrom } from './kernels/simd/walk';
import { SmallForward } from './kernels/smallForward';
import type { InputKnowledge, LiveInput } from './liveTensors';
import { emptyTensor, runKernel, type Tensor } from './tensorflow';

/** Channel transitions planned in one go: about a millisecond's work. */
export const plannedAtOnce = 1 << 14;

/** Whether a step is so small, and so plain, that one call of a kernel does it. */
export function isSmall({ handle, mask }: LiveInput, { layer, steps }: StepJob): boolean {
  if (mask !== undefined || layer.virtualBatchSize !== undefined) return false;
  return sizeOf(handle.shape) < simdFrom && steps * channelCount(layer) <= plannedAtOnce;
}

/** The same as `runForward` does in passes. A step that is refused leaves the last output as it was. */
export function forwardSmall(
  input: LiveInput,
  x: Tensor,
  layout: ChannelLayout,
  { layer, flags, steps, signal }: StepJob,
): Result<Forward> {
  if (signal.aborted) return { ok: false, problem: cancelled };
  const { shape } = input.handle;
  const last = input.output?.tensor;
  const made = last === undefined ? emptyTensor(shape) : ok(last);
  if (!made.ok) return made;
  const output = made.value;
  const known = input.known.get(layer.channelAxis);
  const batch: InputKnowledge = known ?? {
    statistics: emptyStatistics(layout),
    details: undefined,
  };
  const { statistics } = batch;
  const forward = new SmallForward(layout, statistics, known !== undefined, moments =>
    planStep(layer, shape.length, moments, flags, steps),
  );
  runKernel('BnSmall', x, forward, output);
  if (known === undefined) input.known.set(layer.channelAxis, batch);
  const { planned } = forward;
  if (planned === undefined) throw new Error('the kernel has planned nothing');
  if (!planned.ok) {
    if (last === undefined) output.dispose();
    return planned;
  }
  input.output = undefined;
  const plan = planned.value;
  const rules = outputRules(plan, layout, statistics);
  return ok({ x, output, layout, batch, moments: statistics, plan, rules });
}
