import { expect } from 'vitest';
import type { Convention } from '../../../src/core/batchnorm/convention';
import type { Flags } from '../../../src/core/batchnorm/flags';
import { freshParameters, type BatchNormLayer } from '../../../src/core/batchnorm/layer';
import { planStep } from '../../../src/core/batchnorm/plan';
import { step } from '../../../src/core/batchnorm/step';
import type { Trace } from '../../../src/core/batchnorm/trace';
import type { Problem, Result } from '../../../src/core/problem';
import { summarizeChannels } from '../../../src/core/statistics/reference';
import { channelLayout, type Shape } from '../../../src/core/tensor/shape';
import type { Tensor, TensorData, TensorHandle } from '../../../src/core/tensor/tensor';
import type { Engine } from '../../../src/engine/engine';
import { simdFrom } from '../../../src/engine/kernels/simd/walk';
import type { MaskedTensor } from '../../../src/protocol/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';

/** A signal that nobody aborts. */
export const never = new AbortController().signal;

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.value;
}

export function problemOf(result: Result<unknown>): Problem {
  if (result.ok)
    throw new Error(`expected a problem, got ${JSON.stringify(result.value).slice(0, 200)}`);
  return result.problem;
}

export function makeLayer(
  convention: Convention,
  shape: Shape,
  channelAxis: number,
  change: Partial<BatchNormLayer> = {},
): BatchNormLayer {
  return {
    ...freshParameters(shape[channelAxis] ?? 1),
    convention,
    epsilon: 1e-3,
    momentum: convention.defaults.momentum,
    channelAxis,
    batchesTracked: 0,
    precision: 'float32',
    ...change,
  };
}

/** The engine takes its input over, so it gets a copy. */
export async function loadCopy(
  engine: Engine,
  input: Tensor,
  mask?: Uint8Array,
): Promise<TensorHandle> {
  const copy: MaskedTensor = {
    ...input,
    data: input.data.slice(),
    ...(mask && { mask: { shape: [mask.length], dtype: 'bool', data: mask } }),
  };
  return valueOf(await engine.load(copy, never));
}

export async function readWhole(engine: Engine, handle: TensorHandle): Promise<TensorData> {
  const count = handle.shape.reduce((product, size) => product * size, 1);
  return valueOf(await engine.read({ tensor: handle.id, start: 0, count }, never));
}

export async function tensorCount(engine: Engine): Promise<number> {
  return valueOf(await engine.memory(null, never)).numTensors;
}

/**
 * Runs the flag combinations over one input that stays open, each held to the float64 reference, and
 * checks that nothing is left of it when it is closed.
 */
export async function holdToReference(
  engine: Engine,
  layer: BatchNormLayer,
  input: Tensor,
  flags: readonly Flags[],
  steps = 1,
  mask?: Uint8Array,
): Promise<void> {
  const before = await tensorCount(engine);
  const handle = await loadCopy(engine, input, mask);
  for (const each of flags) {
    const request = { input: handle.id, layer: toWireLayer(layer), flags: each, steps };
    const got = await engine.step(request, never);
    const wanted = step(layer, input, each, steps, mask);
    expect(got.ok).toBe(wanted.ok);
    if (!got.ok || !wanted.ok) {
      expect(problemOf(got)).toEqual(problemOf(wanted));
      continue;
    }
    const output = await readWhole(engine, got.value.output);
    expectOutput(output, wanted.value.output, layer, wanted.value.trace, each);
    expectTrace(got.value.trace, wanted.value.trace);
    expectSummaries(got.value.trace, output, input.shape, layer.channelAxis);
    expect(got.value.batchesTrackedAfter).toBe(wanted.value.layer.batchesTracked);
    const { renorm } = wanted.value.layer;
    for (const name of ['movingStddev', 'mean', 'stddev'] as const) {
      expectClose(got.value.renormAfter?.[name] ?? [], renorm?.state[name] ?? [], 1e-6, 1e-12);
    }
  }
  await engine.close(handle.id, never);
  expect(await tensorCount(engine)).toBe(before);
}

/**
 * Equal but for a few units of the last place of float32 of the larger of an output's two terms, the
 * scaled difference and beta; of itself, where the tensor is too small for the compiled kernels.
 */
function expectOutput(
  got: TensorData,
  wanted: Tensor,
  layer: BatchNormLayer,
  { batch, steps }: Trace,
  flags: Flags,
): void {
  if (got.length < simdFrom) {
    expectClose(got, wanted.data, 2 ** -23, 1e-12);
    return;
  }
  const { beta } = valueOf(planStep(layer, wanted.shape.length, batch, flags, steps));
  const { channels, inner } = channelLayout(wanted.shape, layer.channelAxis);
  const largest = largestOf(wanted.data);
  expect(got.length).toBe(wanted.data.length);
  for (let i = 0; i < got.length; i++) {
    const [a, y] = [got[i] as number, wanted.data[i] as number];
    const b = beta[Math.floor(i / inner) % channels] as number;
    const tolerance = 2 ** -22 * (Math.abs(y - b) + Math.abs(b)) + 1e-12 * largest;
    if (Object.is(a, y) || a === y || Math.abs(a - y) <= tolerance) continue;
    expect.fail(`element ${i} is ${a}, and the reference has ${y}`);
  }
}

/** Of the finite ones, by size. */
function largestOf(values: ArrayLike<number>): number {
  let largest = 0;
  for (const value of Array.from(values)) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}

/** Equal but for the last digit of float32, and for what is lost beside the largest of the numbers. */
export function expectClose(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  relative: number,
  ofLargest: number,
): void {
  expect(got.length).toBe(wanted.length);
  const largest = largestOf(wanted);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i] as number, wanted[i] as number];
    const tolerance = relative * Math.abs(b) + ofLargest * largest;
    if (Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance) continue;
    expect.fail(`element ${i} is ${a}, and the reference has ${b}`);
  }
}

function expectTrace(got: Trace, wanted: Trace): void {
  const { batch, output: _, movingMeanAfter, movingVarianceAfter, ...rest } = got;
  expect(wanted).toMatchObject(rest);
  expect(batch.n).toEqual(wanted.batch.n);
  expectClose(batch.mean, wanted.batch.mean, 1e-12, 1e-14);
  expectClose(batch.variance, wanted.batch.variance, 1e-9, 1e-14);
  expectClose(movingMeanAfter, wanted.movingMeanAfter, 2 ** -23, 0);
  expectClose(movingVarianceAfter, wanted.movingVarianceAfter, 2 ** -23, 0);
  if (!got.updated) {
    expect(movingMeanAfter).toEqual(got.movingMeanBefore);
    expect(movingVarianceAfter).toEqual(got.movingVarianceBefore);
  }
}

/**
 * The summaries are of the very output that was handed out: all counts exactly, the mean and the standard
 * deviation but for the rounding of its largest element.
 */
export function expectSummaries(
  { output: got }: Trace,
  output: TensorData,
  shape: Shape,
  axis: number,
): void {
  const wanted = summarizeChannels(output, channelLayout(shape, axis));
  for (const name of ['n', 'nan', 'posInf', 'negInf', 'histogram'] as const) {
    expect(Array.from(got[name]), name).toEqual(Array.from(wanted[name]));
  }
  // 0 and −0 are one extreme.
  expectClose(got.min, wanted.min, 0, 0);
  expectClose(got.max, wanted.max, 0, 0);
  for (let c = 0; c < wanted.n.length; c++) {
    const range = Math.max(Math.abs(wanted.min[c] as number), Math.abs(wanted.max[c] as number));
    for (const name of ['mean', 'std'] as const) {
      const [a, b] = [got[name][c] as number, wanted[name][c] as number];
      if (Object.is(a, b) || Math.abs(a - b) <= 2 ** -23 * range + 2 ** -149) continue;
      expect.fail(`${name} of channel ${c} is ${a}, and should be ${b} (range ${range})`);
    }
  }
}
