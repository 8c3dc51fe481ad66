import { expect } from 'vitest';
import type { Flags } from '../../src/core/batchnorm/flags';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import type { Result } from '../../src/core/problem';
import type { Moments } from '../../src/core/statistics/channels';
import type { Tensor } from '../../src/core/tensor/tensor';
import {
  quantitiesHeld,
  type GoldenCall,
  type GoldenCase,
  type HeldQuantity,
  type Tolerance,
} from './cases';
import type { Numbers } from './records';

export interface Ran {
  readonly output: ArrayLike<number>;
  readonly layer: BatchNormLayer;
  readonly batch: Moments;
}

/** Steps a layer over an input: the float64 reference, or the engine. */
export type Runner = (
  layer: BatchNormLayer,
  input: Tensor,
  flags: Flags,
  steps: number,
  mask: Uint8Array | undefined,
) => Promise<Result<Ran>>;

/** Runs every call of a case and compares all that its record expects. */
export async function holdCase(
  golden: GoldenCase,
  run: Runner,
  atLeast: Tolerance = { abs: 0, rel: 0 },
): Promise<void> {
  let { layer } = golden;
  for (const call of golden.calls) {
    const ran = await run(layer, call.input, golden.flags, call.steps, golden.mask);
    if (typeof call.expected.error === 'string') {
      expect(ran.ok, 'this must be refused').toBe(false);
      return;
    }
    if (!ran.ok) throw new Error(ran.problem.message);
    holdCall(call, ran.value, quantity => {
      const { abs, rel } = golden.tolerance(quantity);
      return { abs: Math.max(abs, atLeast.abs), rel: Math.max(rel, atLeast.rel) };
    });
    layer = ran.value.layer;
  }
}

function holdCall(
  { expected }: GoldenCall,
  ran: Ran,
  tolerance: (quantity: string) => Tolerance,
): void {
  const held = quantitiesHeld(expected);
  expect(held.length, 'a call that expects nothing cannot fail').toBeGreaterThan(0);
  for (const quantity of held) {
    const { abs, rel } = tolerance(quantity);
    expectClose(quantity, Array.from(measured(ran, quantity)), expected[quantity] as Numbers, {
      abs,
      rel,
    });
  }
  const { renorm_state_out: renorm } = expected;
  if (renorm !== undefined) {
    const state = ran.layer.renorm?.state;
    const stored = [renorm.moving_stddev, renorm.renorm_mean, renorm.renorm_stddev];
    [state?.movingStddev, state?.mean, state?.stddev].forEach((numbers, i) => {
      const what = `renorm state ${i}`;
      expectClose(what, Array.from(numbers ?? []), stored[i] ?? [], tolerance('renorm'));
    });
  }
  if (expected.num_batches_tracked !== undefined) {
    expect(ran.layer.batchesTracked, 'num_batches_tracked').toBe(expected.num_batches_tracked);
  }
  if (expected.count_per_channel !== undefined) {
    expect(ran.batch.n[0], 'count per channel').toBe(expected.count_per_channel);
  }
}

function measured({ output, layer, batch }: Ran, quantity: HeldQuantity): ArrayLike<number> {
  const { n, mean, variance } = batch;
  switch (quantity) {
    case 'output':
      return output;
    case 'moving_mean':
    case 'moving_mean_exact':
      return layer.movingMean;
    case 'moving_variance':
    case 'moving_variance_exact':
      return layer.movingVariance;
    case 'batch_mean':
    case 'batch_mean_float64':
    case 'saved_mean':
      return mean;
    case 'batch_variance_biased':
    case 'batch_variance_biased_float64':
      return variance;
    // ONNX before opset 14 called the inverse deviation of the batch so.
    case 'saved_var':
      return variance.map(v => 1 / Math.sqrt(v + layer.epsilon));
    case 'batch_variance_bessel':
    case 'batch_variance_unbiased_float64':
      return variance.map((v, c) => (v * (n[c] as number)) / ((n[c] as number) - 1));
  }
}

/** numpy's allclose, with NaN equal to NaN and an infinity only to itself. */
export function expectClose(
  what: string,
  actual: readonly number[],
  expected: Numbers,
  { abs, rel }: Tolerance,
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  expected.forEach((stored, i) => {
    const want = Number(stored);
    const got = actual[i] as number;
    const close =
      Object.is(got, want) || got === want || Math.abs(got - want) <= abs + rel * Math.abs(want);
    const finite = Number.isFinite(want) === Number.isFinite(got);
    expect(close && finite, `${what}[${i}]: ${got} instead of ${want} (±${abs}, ${rel})`).toBe(
      true,
    );
  });
}
