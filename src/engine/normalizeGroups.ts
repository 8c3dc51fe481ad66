import { planStep } from '../core/batchnorm/plan';
import { ok, type Result } from '../core/problem';
import type { ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { sampleBoxes } from './kernels/groups';
import type { Affine } from './kernels/affine';
import type { OddMoments } from './oddMoments';
import type { StepJob } from './forward';
import { Slices } from './slices';
import { runKernel, type Tensor } from './tensorflow';

/**
 * Writes an output in which every virtual batch is normalised with its own statistics. The plans are made sample by sample: those of all virtual batches would be as large as the tensor.
 */
export async function normalizeGroups(
  x: Tensor,
  y: Tensor,
  layout: ChannelLayout,
  { ghost, moments }: NonNullable<OddMoments['groups']>,
  { layer, flags, signal }: StepJob,
): Promise<Result<null>> {
  const slices = new Slices(signal);
  const rank = x.shape.length;
  let planned: { readonly sample: number; readonly affine: Affine } | undefined;
  for (const { sample, box } of sampleBoxes(x.shape[0], layout)) {
    if (!(await slices.goOn())) return { ok: false, problem: cancelled };
    if (planned?.sample !== sample) {
      const plan = planStep(layer, rank, moments.of(ghost.groupOf(sample)), flags);
      if (!plan.ok) return plan;
      planned = { sample, affine: plan.value };
    }
    runKernel('NormscopeNormalizeGroup', x, { layout, box, affine: planned.affine }, y);
  }
  return signal.aborted ? { ok: false, problem: cancelled } : ok(null);
}
