import { initialMovingVariance, type Convention } from '../../src/core/batchnorm/convention';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import type { Flags } from '../../src/core/batchnorm/flags';
import { freshParameters, type BatchNormLayer } from '../../src/core/batchnorm/layer';
import type { Renorm } from '../../src/core/batchnorm/renorm';
import { resolveAxis, sizeOf } from '../../src/core/tensor/shape';
import type { Precision, Tensor } from '../../src/core/tensor/tensor';
import { toNumbers, type Expected, type GoldenRecord, type Numbers } from './records';

export interface Tolerance {
  readonly abs: number;
  readonly rel: number;
}

/** Calls one after the other, the layer carried from each to the next. */
export interface GoldenCall {
  readonly input: Tensor;
  /** Times the same input is stepped over. */
  readonly steps: number;
  readonly expected: Expected;
}

/** A record under one convention, ready to run. */
export interface GoldenCase {
  readonly name: string;
  readonly convention: Convention;
  readonly layer: BatchNormLayer;
  readonly flags: Flags;
  readonly calls: readonly GoldenCall[];
  readonly mask?: Uint8Array;
  readonly tolerance: (quantity: string) => Tolerance;
}

/** Which convention of ours a file's dialect is. Others are for conventions that come later. */
const dialects: Readonly<Record<string, readonly string[]>> = {
  'tf1-fused': ['tf1'],
  tf1: ['tf1'],
  'tf1-nonfused': ['tf1-unfused'],
  'tf2-fused': ['keras2'],
  tf2: ['keras2'],
  'keras2/keras3': ['keras2', 'keras3'],
  keras3: ['keras3'],
  'keras-standalone-2.1.4..2.3.1': ['keras-standalone'],
  pytorch: ['pytorch'],
  onnx: ['onnx'],
  haiku: ['haiku'],
  tfjs: ['tfjs'],
  'tfjs-layers-runtime': ['tfjs'],
};

/** Why a record is not held yet, or null where it is; every reason is printed with its count. */
export function reasonNotHeld(record: GoldenRecord): string | null {
  if (!(record.dialect in dialects)) return `a convention to come (${record.dialect})`;
  if (record.informational === true) return 'informational: documents a behaviour, asserts nothing';
  if (record.kind === 'error' || (record.file === 'onnxruntime' && record.expected.error))
    return 'held one by one in frameworkErrors.test.ts, or named there';
  if (record.name.startsWith('fold_')) return 'folding: held in fold.test.ts';
  if (record.name.startsWith('Fit:'))
    return "informational: an optimiser's loop, which is no part of batch norm";
  if (record.name === 'rank4_single_channel_mask')
    return "a crash in Keras 3.15.1 with one channel and a mask, which Normscope's rule does not have";
  if (record.name === 'native_batch_norm_n1')
    return 'torch.batch_norm without the size check of nn.BatchNorm: held in test/unit/core/batchnorm/plan.test.ts';
  if (quantitiesHeld(record.expected).length === 0 && record.expected.error === undefined)
    return 'gradients alone: held in gradients.test.ts';
  return null;
}

/** Expected quantities that this version computes. */
export const heldQuantities = [
  'output',
  'moving_mean',
  'moving_variance',
  'moving_mean_exact',
  'moving_variance_exact',
  'batch_mean',
  'batch_mean_float64',
  'batch_variance_biased',
  'batch_variance_biased_float64',
  'batch_variance_bessel',
  'batch_variance_unbiased_float64',
  'saved_mean',
  'saved_var',
] as const;

export type HeldQuantity = (typeof heldQuantities)[number];

export function quantitiesHeld(expected: Expected): HeldQuantity[] {
  return heldQuantities.filter(quantity => Array.isArray(expected[quantity]));
}

/** The record under each convention it speaks of. */
export function casesOf(record: GoldenRecord): readonly GoldenCase[] {
  return (dialects[record.dialect] ?? []).map(id => {
    const convention = conventions.find(known => known.id === id);
    if (!convention) throw new Error(`${record.file}: ${record.name}: no convention ${id}`);
    return toCase(record, convention);
  });
}

function toCase(record: GoldenRecord, convention: Convention): GoldenCase {
  const { flags } = record;
  const { shape, axis } = viewOf(record);
  const precision: Precision = record.dtype === 'float64' ? 'float64' : 'float32';
  const layer = goldenLayer(record, convention, { shape, axis }, precision);
  const calls = record.steps ?? [{ x: record.x ?? [], expected: record.expected }];
  return {
    name: `${record.file}: ${record.name} (${convention.id})`,
    convention,
    layer,
    flags: {
      training: (flags?.training ?? flags?.is_training) === true,
      trainable: flags?.trainable !== false,
    },
    calls: calls.map(call => ({
      input: tensorOf(call.x, batchOf(call.x, shape), precision),
      steps: record.steps_count ?? 1,
      expected: call.expected,
    })),
    ...(record.mask && { mask: goldenMask(record) }),
    tolerance: quantity => toleranceOf(record, quantity),
  };
}

interface View {
  readonly shape: readonly number[];
  /** Resolved. */
  readonly axis: number;
}

/**
 * The record's tensor with one channel axis. Neighbouring channel axes are one axis of their product,
 * and statistics for every element (axis null) are those of a single sample with as many channels.
 */
export function viewOf({ name, shape = [], axis }: GoldenRecord): View {
  if (axis === null) return { shape: [1, sizeOf(shape)], axis: 1 };
  if (typeof axis === 'object') {
    const [first, last] = [axis[0] as number, axis.at(-1) as number];
    const channels = sizeOf(shape.slice(first, last + 1));
    return { shape: [...shape.slice(0, first), channels, ...shape.slice(last + 1)], axis: first };
  }
  const resolved = resolveAxis(shape, axis ?? -1);
  if (!resolved.ok) throw new Error(`${name}: ${resolved.problem.message}`);
  return { shape, axis: resolved.value };
}

/** The record's shape, with as many samples as this call has: batches may differ in size. */
function batchOf(x: Numbers, shape: readonly number[]): readonly number[] {
  const sample = shape.slice(1);
  return [x.length / sizeOf(sample), ...sample];
}

function goldenLayer(
  record: GoldenRecord,
  convention: Convention,
  { shape, axis: channelAxis }: View,
  precision: Precision,
): BatchNormLayer {
  const channels = shape[channelAxis] ?? 1;
  const fresh = freshParameters(channels, initialMovingVariance(convention));
  const vector = (values: Numbers | null | undefined, otherwise: Float64Array): Float64Array =>
    values ? Float64Array.from(tensorOf(values, [values.length], precision).data) : otherwise;
  const ones = record.layer_args?.betaInitializer === 'ones';
  const tracking = trackingOf(record);
  return {
    convention,
    gamma: vector(record.gamma, fresh.gamma),
    beta: vector(record.beta, ones ? fresh.gamma : fresh.beta),
    movingMean: vector(record.moving_mean, fresh.movingMean),
    movingVariance: vector(record.moving_variance, fresh.movingVariance),
    epsilon: record.epsilon ?? convention.defaults.epsilon,
    momentum:
      record.momentum === undefined || (record.momentum === null && record.dialect !== 'pytorch')
        ? convention.defaults.momentum
        : record.momentum,
    channelAxis,
    batchesTracked: record.num_batches_tracked ?? 0,
    ...(tracking && { tracking }),
    ...(record.renorm && { renorm: goldenRenorm(record) }),
    precision,
  };
}

function goldenRenorm({ name, renorm, renorm_state_in: state }: GoldenRecord): Renorm {
  if (renorm === undefined || state === undefined) throw new Error(`${name}: no renorm state`);
  return {
    momentum: renorm.renorm_momentum,
    clipping: renorm.renorm_clipping ?? {},
    state: {
      movingStddev: Float64Array.from(state.moving_stddev),
      mean: Float64Array.from(state.renorm_mean),
      stddev: Float64Array.from(state.renorm_stddev),
    },
  };
}

/** PyTorch's track_running_stats=False: at construction there are no buffers, later they freeze. */
function trackingOf({ flags, moving_mean: mean }: GoldenRecord): 'none' | 'frozen' | undefined {
  if (flags?.track_running_stats !== false) return undefined;
  return mean === null ? 'none' : 'frozen';
}

/** float16 and bfloat16 records are run in float32: their tolerances allow for it. */
function tensorOf(values: Numbers, shape: readonly number[], precision: Precision): Tensor {
  const numbers = toNumbers(values);
  const data = precision === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers);
  return { shape, dtype: precision, data };
}

/** The mask's own shape matters: one that is not the input's without its last axis is an error. */
function goldenMask(record: GoldenRecord): Uint8Array {
  const weights = Uint8Array.from(toNumbers(record.mask ?? []));
  if (weights.length !== sizeOf(record.mask_shape ?? [])) {
    throw new Error(`${record.name}: mask and mask_shape disagree`);
  }
  return weights;
}

function toleranceOf({ tol, dtype }: GoldenRecord, quantity: string): Tolerance {
  // Exact values beside rounded ones, and statistics that the generator took in float64.
  if (quantity.endsWith('_exact')) return { abs: 1e-6, rel: 1e-6 };
  if (quantity.endsWith('_float64')) return { abs: 1e-12, rel: 1e-9 };
  if (quantity === 'moving_mean' && tol?.abs_mean !== undefined)
    return { abs: tol.abs_mean, rel: 0 };
  if (quantity === 'moving_variance' && tol?.abs_variance !== undefined)
    return { abs: tol.abs_variance, rel: 0 };
  // A float16 output is at best right to half of its last place, one part in 2048.
  const stored = dtype === 'float16' && quantity === 'output' ? 2 ** -10 : 0;
  return { abs: Math.max(tol?.abs ?? 2e-6, stored), rel: Math.max(tol?.rel ?? 2e-6, stored) };
}
