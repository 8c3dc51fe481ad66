import { fail, ok, type Result } from '../problem';
import type { Moments } from '../statistics/channels';
import { channelMoments } from '../statistics/reference';
import { channelLayout, sizeOf, type Shape } from '../tensor/shape';
import type { Tensor, TensorData } from '../tensor/tensor';
import type { BatchNormLayer } from './layer';
import type { NormalizedWith } from './trace';

/**
 * Virtual batches (TensorFlow's `virtual_batch_size`): each part of the batch is normalised with its
 * own statistics, and the moving ones take in the plain mean of the parts' means and of their biased
 * variances (TensorFlow 1.15 `keras/layers/normalization.py:728-735`).
 */
export interface GhostBatches {
  /** Parts of the batch. */
  readonly groups: number;
  /** Part that a sample belongs to. */
  readonly groupOf: (sample: number) => number;
}

/**
 * How the layer divides a batch of this shape; undefined where it does not.
 * TensorFlow reshapes `[N, …]` to `[size, N/size, …]` and reduces the first axis, so a part is every
 * (N/size)-th sample and not a run of neighbours.
 */
export function ghostBatches(
  layer: BatchNormLayer,
  shape: Shape,
  normalizedWith: NormalizedWith,
): Result<GhostBatches | undefined> {
  const { virtualBatchSize: size, convention, channelAxis } = layer;
  if (size === undefined) return ok(undefined);
  const samples = shape[0] ?? 1;
  if (normalizedWith === 'moving' && convention.ghostBatch?.dividesInference !== true) {
    return ok(undefined);
  }
  if (channelAxis === 0) {
    return fail('virtual-batch', 'Virtual batches divide axis 0, which cannot hold the channels.');
  }
  if (!Number.isInteger(size) || size < 1 || samples % size !== 0) {
    return fail(
      'virtual-batch',
      `A batch of ${samples} does not divide into virtual batches of ${size}: give a divisor of ${samples}.`,
    );
  }
  if (normalizedWith === 'moving') return ok(undefined);
  const groups = samples / size;
  return ok({ groups, groupOf: sample => sample % groups });
}

/** Moments of every virtual batch, one after the other in one array each. */
export class GroupMoments {
  readonly n: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;

  constructor(
    readonly groups: number,
    readonly channels: number,
  ) {
    const column = (): Float64Array => new Float64Array(groups * channels);
    this.n = column();
    this.mean = column();
    this.variance = column();
  }

  /** Those of one virtual batch: views, so that writing to them writes here. */
  of(group: number): Moments {
    const { channels } = this;
    const view = (all: Float64Array): Float64Array =>
      all.subarray(group * channels, (group + 1) * channels);
    return { n: view(this.n), mean: view(this.mean), variance: view(this.variance) };
  }
}

/** What the moving statistics take in: n of the whole batch, the mean of the means and of the variances. */
export function poolMoments({ groups, channels, n, mean, variance }: GroupMoments): Moments {
  const pool = (all: Float64Array, divide: number): Float64Array => {
    const sums = new Float64Array(channels);
    all.forEach((value, i) => {
      sums[i % channels] = (sums[i % channels] as number) + value;
    });
    return sums.map(sum => sum / divide);
  };
  return { n: pool(n, 1), mean: pool(mean, groups), variance: pool(variance, groups) };
}

/** Of every virtual batch, in float64. */
export function ghostMoments(
  { groups, groupOf }: GhostBatches,
  { shape, data }: Tensor,
  channelAxis: number,
): GroupMoments {
  const sample = sizeOf(shape.slice(1));
  const samples = shape[0] ?? 1;
  const layout = channelLayout([samples / groups, ...shape.slice(1)], channelAxis);
  const moments = new GroupMoments(groups, layout.channels);
  for (let group = 0; group < groups; group++) {
    const part = gather(data, sample, samples, s => groupOf(s) === group);
    const { n, mean, variance } = channelMoments(part, layout);
    const own = moments.of(group);
    own.n.set(n);
    own.mean.set(mean);
    own.variance.set(variance);
  }
  return moments;
}

/** The samples of a batch that pass, one after the other. */
function gather(
  data: TensorData,
  sample: number,
  samples: number,
  passes: (sample: number) => boolean,
): Float64Array {
  const kept: number[] = [];
  for (let s = 0; s < samples; s++) {
    if (!passes(s)) continue;
    for (let i = s * sample; i < (s + 1) * sample; i++) kept.push(data[i] as number);
  }
  return Float64Array.from(kept);
}
