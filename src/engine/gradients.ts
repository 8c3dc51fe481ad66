import {
  emptyBackwardSums,
  planBackward,
  type BackwardPlan,
  type BackwardSums,
} from '../core/batchnorm/backward';
import { ParameterTotals } from '../core/batchnorm/gradients';
import { elementMask } from '../core/batchnorm/mask';
import { checkUpstream, fillUpstream } from '../core/batchnorm/upstream';
import { ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';
import type { ElementMask } from '../core/statistics/reference';
import { SummaryStream } from '../core/statistics/streamedSummaries';
import type { ChannelLayout, Shape } from '../core/tensor/shape';
import type { Differentiated, GradientsRequest } from '../protocol/engine';
import { cancelled, moved } from '../protocol/rpc';
import { allocateFloat32 } from './allocate';
import { differentiateInput, differentiateParameters, type SlabData } from './autodiff';
import { checkRange } from './elementRange';
import { checkJob, type StepJob } from './forward';
import type { SlabAttributes } from './kernels/backward';
import { slabs, type Slab } from './kernels/slabs';
import type { LiveInput } from './liveTensors';
import { statisticsOf } from './measureInput';
import { oddMoments, type OddMoments } from './oddMoments';
import { Slices } from './slices';
import { valuesOf } from './tensorflow';

export type GradientsJob = Omit<StepJob, 'steps'> & Pick<GradientsRequest, 'upstream' | 'elements'>;

/**
 * A step's backward pass: tfjs differentiates it slab by slab, first by gamma and beta, whose sums the
 * input's gradient needs, then by the input. The input's gradient is summarised as it comes, so that
 * nothing as large as the tensor is made.
 */
export async function runGradients(
  input: LiveInput,
  job: GradientsJob,
): Promise<Result<Differentiated>> {
  const pass = await BackwardPass.prepare(input, job);
  if (!pass.ok) return pass;
  const elements = allocateFloat32(job.elements.count);
  if (!elements.ok) return elements;
  const parameters = await pass.value.differentiateParameters();
  if (!parameters.ok) return parameters;
  const stream = new SummaryStream(job.layer.gamma.length);
  const done = await pass.value.differentiateInput((slab, dx) => {
    stream.add(dx, slab.layout, slab.firstChannel);
    copyRange(dx, slab.start, elements.value, job.elements.start);
  });
  if (!done.ok) return done;
  const found = { ...parameters.value, summaries: stream.summaries(), elements: elements.value };
  return ok(moved(found, [elements.value.buffer as ArrayBuffer]));
}

/** A slab and which batch, of several virtual ones, it belongs to. */
interface Piece {
  readonly slab: Slab;
  readonly group: number;
}

/** What `prepare` has found out about the forward pass. */
interface Prepared {
  readonly x: Float32Array;
  readonly shape: Shape;
  readonly layout: ChannelLayout;
  readonly moments: Moments;
  readonly groups: OddMoments['groups'];
  readonly mask: ElementMask | undefined;
}

class BackwardPass {
  private readonly slices: Slices;
  private readonly sums: readonly BackwardSums[];
  /** The plan made last: the slabs of a virtual batch's sample come one after the other. */
  private planned: { readonly group: number; readonly plan: BackwardPlan } | undefined;

  static async prepare(input: LiveInput, job: GradientsJob): Promise<Result<BackwardPass>> {
    const { shape } = input.handle;
    const layout = checkJob({ ...job, steps: 1 }, shape);
    if (!layout.ok) return layout;
    const upstream = checkUpstream(job.upstream, shape);
    if (!upstream.ok) return upstream;
    const range = checkRange(job.elements, shape);
    if (!range.ok) return range;
    const x = input.asFloat32();
    if (!x.ok) return x;
    const batch = await statisticsOf(
      input,
      x.value,
      layout.value,
      job.layer.channelAxis,
      job.signal,
    );
    if (!batch.ok) return batch;
    const odd = await oddMoments(input, x.value, layout.value, job);
    if (!odd.ok) return odd;
    const mask = elementMask(job.layer, shape, input.mask);
    if (!mask.ok) return mask;
    const prepared = {
      x: valuesOf(x.value) as Float32Array,
      shape,
      layout: layout.value,
      moments: odd.value?.pooled ?? batch.value.statistics,
      groups: odd.value?.groups,
      mask: mask.value,
    };
    return ok(new BackwardPass(job, prepared));
  }

  private constructor(
    private readonly job: GradientsJob,
    private readonly prepared: Prepared,
  ) {
    this.slices = new Slices(job.signal);
    const { groups, layout } = prepared;
    const all = emptyBackwardSums((groups?.ghost.groups ?? 1) * layout.channels);
    const view = (column: Float64Array, group: number): Float64Array =>
      column.subarray(group * layout.channels, (group + 1) * layout.channels);
    this.sums = Array.from({ length: groups?.ghost.groups ?? 1 }, (_, group) => ({
      dy: view(all.dy, group),
      product: view(all.product, group),
    }));
  }

  async differentiateParameters(): Promise<Result<ReturnType<ParameterTotals['vectors']>>> {
    const { layer, flags } = this.job;
    const summed = await this.eachPiece((data, attributes) =>
      differentiateParameters(data, attributes),
    );
    if (!summed.ok) return summed;
    const totals = new ParameterTotals(layer, this.prepared.shape.length, flags);
    for (const [group, sums] of this.sums.entries()) {
      if (!(await this.slices.goOn())) return { ok: false, problem: cancelled };
      const plan = this.planOf(group);
      if (!plan.ok) return plan;
      totals.add({ plan: plan.value, sums });
    }
    return ok(totals.vectors());
  }

  /** After the parameters. */
  differentiateInput(take: (slab: Slab, dx: Float32Array) => void): Promise<Result<null>> {
    return this.eachPiece((data, attributes) =>
      take(attributes.slab, differentiateInput(data, attributes)),
    );
  }

  private async eachPiece(
    work: (data: SlabData, attributes: SlabAttributes) => void,
  ): Promise<Result<null>> {
    const { x, mask } = this.prepared;
    const { layer, upstream } = this.job;
    for (const { slab, group } of this.pieces()) {
      if (!(await this.slices.goOn())) return { ok: false, problem: cancelled };
      const plan = this.planOf(group);
      if (!plan.ok) return plan;
      const dy = new Float32Array(slab.size);
      fillUpstream(upstream, slab.start, dy);
      const last = slab.firstChannel + slab.layout.channels;
      const vector = (column: Float64Array): Float32Array =>
        Float32Array.from(column.subarray(slab.firstChannel, last));
      const sums = this.sums[group] as BackwardSums;
      work(
        {
          x: x.subarray(slab.start, slab.start + slab.size),
          dy,
          gamma: vector(layer.gamma),
          beta: vector(layer.beta),
        },
        { slab, plan: plan.value, sums, mask },
      );
    }
    return this.job.signal.aborted ? { ok: false, problem: cancelled } : ok(null);
  }

  private *pieces(): Generator<Piece> {
    const { layout, shape, groups } = this.prepared;
    if (groups === undefined) {
      for (const slab of slabs(layout)) yield { slab, group: 0 };
      return;
    }
    const samples = shape[0] as number;
    const size = (layout.outer * layout.channels * layout.inner) / samples;
    for (let sample = 0; sample < samples; sample++) {
      const group = groups.ghost.groupOf(sample);
      for (const slab of slabs({ ...layout, outer: layout.outer / samples })) {
        yield { slab: { ...slab, start: slab.start + sample * size }, group };
      }
    }
  }

  private planOf(group: number): Result<BackwardPlan> {
    if (this.planned?.group === group) return ok(this.planned.plan);
    const { layer, flags } = this.job;
    const { groups, moments, mask, shape } = this.prepared;
    const batch = groups?.moments.of(group) ?? moments;
    const plan = planBackward(layer, shape.length, batch, flags, mask?.denominatorEpsilon);
    if (plan.ok) this.planned = { group, plan: plan.value };
    return plan;
  }
}

/** Copies what lies in both, where `from` starts at one flat index and `to` at another. */
function copyRange(from: Float32Array, start: number, to: Float32Array, at: number): void {
  const first = Math.max(start, at);
  const end = Math.min(start + from.length, at + to.length);
  if (first < end) to.set(from.subarray(first - start, end - start), first - at);
}
