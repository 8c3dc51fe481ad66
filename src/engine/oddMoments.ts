import {
  ghostBatches,
  GroupMoments,
  poolMoments,
  type GhostBatches,
} from '../core/batchnorm/ghostBatch';
import { elementMask } from '../core/batchnorm/mask';
import { stepRules } from '../core/batchnorm/plan';
import { fail, ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';
import type { ElementMask } from '../core/statistics/reference';
import type { ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { sampleBoxes } from './kernels/groups';
import { spans } from './kernels/masked';
import { divideByCount } from './kernels/moments';
import type { LiveInput } from './liveTensors';
import type { StepJob } from './forward';
import { Slices } from './slices';
import { runKernel, type Tensor } from './tensorflow';

/** Virtual batches times channels that are measured at once: some 100 MB of moments. */
export const groupLimit = 1 << 22;

/** Moments that a layer sees instead of the whole batch's own: of virtual batches, or under a mask. */
export interface OddMoments {
  /** What the moving statistics take in; under a mask, what normalises too. */
  readonly pooled: Moments;
  /** Where virtual batches normalise themselves. */
  readonly groups?: { readonly ghost: GhostBatches; readonly moments: GroupMoments };
}

/** Measured once for an input, an axis and a rule, then remembered; undefined for an ordinary layer. */
export async function oddMoments(
  input: LiveInput,
  x: Tensor,
  layout: ChannelLayout,
  { layer, flags, signal }: Omit<StepJob, 'steps'>,
): Promise<Result<OddMoments | undefined>> {
  const { shape } = input.handle;
  const masked = elementMask(layer, shape, input.mask);
  if (!masked.ok) return masked;
  const { normalizedWith } = stepRules(layer, shape.length, flags);
  const ghost = ghostBatches(layer, shape, normalizedWith);
  if (!ghost.ok) return ghost;
  const measure = ghost.value
    ? measureGroups(x, layout, ghost.value, signal)
    : masked.value && measureMasked(x, layout, masked.value, signal);
  const how = ghost.value
    ? `groups ${ghost.value.groups}`
    : `mask ${masked.value?.denominatorEpsilon ?? ''}`;
  return measure === undefined
    ? ok(undefined)
    : remembered(input, `${layer.channelAxis} ${how}`, measure);
}

/** The measuring is lazy, so that what is known is not measured again. */
async function remembered(
  { odd }: LiveInput,
  key: string,
  measure: () => Promise<Result<OddMoments>>,
): Promise<Result<OddMoments>> {
  const known = odd.get(key);
  if (known !== undefined) return ok(known);
  const measured = await measure();
  // One entry: the moments of many virtual batches are as large as a tensor.
  if (measured.ok) odd.clear();
  if (measured.ok) odd.set(key, measured.value);
  return measured;
}

function measureMasked(
  x: Tensor,
  layout: ChannelLayout,
  mask: ElementMask,
  signal: AbortSignal,
): () => Promise<Result<OddMoments>> {
  return async () => {
    const slices = new Slices(signal);
    const column = (): Float64Array => new Float64Array(layout.channels);
    const into: Moments = { n: column(), mean: column(), variance: column() };
    for (const [kernel, total] of [
      ['NormscopeMaskedSums', into.mean],
      ['NormscopeMaskedSquares', into.variance],
    ] as const) {
      const done = await slices.each(spans(x.size), span =>
        runKernel(kernel, x, { layout, span, mask, into }),
      );
      if (!done) return { ok: false, problem: cancelled };
      const divisor = into.n.map(kept => kept + mask.denominatorEpsilon);
      divideByCount(total, divisor);
    }
    return ok({ pooled: into });
  };
}

function measureGroups(
  x: Tensor,
  layout: ChannelLayout,
  ghost: GhostBatches,
  signal: AbortSignal,
): () => Promise<Result<OddMoments>> {
  return async () => {
    const { channels } = layout;
    if (ghost.groups * channels > groupLimit) {
      return fail(
        'virtual-batch-limit',
        `${ghost.groups} virtual batches of ${channels} channels are more than the ${groupLimit} moments that are kept: give a larger virtual_batch_size.`,
      );
    }
    const moments = new GroupMoments(ghost.groups, channels);
    const slices = new Slices(signal);
    const samples = x.shape[0];
    for (const [kernel, total] of [
      ['NormscopeGroupSums', moments.mean],
      ['NormscopeGroupSquares', moments.variance],
    ] as const) {
      const done = await slices.each(sampleBoxes(samples, layout), ({ sample, box }) => {
        const into = moments.of(ghost.groupOf(sample));
        runKernel(kernel, x, { layout, box, into });
      });
      if (!done) return { ok: false, problem: cancelled };
      divideByCount(total, moments.n);
    }
    return ok({ pooled: poolMoments(moments), groups: { ghost, moments } });
  };
}
