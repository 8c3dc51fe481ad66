import { expect } from 'vitest';
import { planBackward } from '../../../src/core/batchnorm/backward';
import type { Flags } from '../../../src/core/batchnorm/flags';
import { gradients } from '../../../src/core/batchnorm/gradients';
import type { BatchNormLayer } from '../../../src/core/batchnorm/layer';
import { measureBatch } from '../../../src/core/batchnorm/measure';
import { step } from '../../../src/core/batchnorm/step';
import { fillUpstream, type Upstream } from '../../../src/core/batchnorm/upstream';
import { summarizeChannels } from '../../../src/core/statistics/reference';
import { channelLayout } from '../../../src/core/tensor/shape';
import type { Tensor } from '../../../src/core/tensor/tensor';
import type { Engine } from '../../../src/engine/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { loadCopy, never, problemOf, tensorCount, valueOf } from './support';

/** A backward pass to compare. */
interface Pass {
  readonly layer: BatchNormLayer;
  readonly input: Tensor;
  readonly flags: Flags;
  readonly dy: Float32Array;
  readonly mask: Uint8Array | undefined;
}

/** Compares a backward pass of the engine, all of it, with the float64 reference. Leaves nothing behind. */
export async function holdGradients(
  engine: Engine,
  layer: BatchNormLayer,
  input: Tensor,
  flags: Flags,
  upstream: Upstream,
  mask?: Uint8Array,
): Promise<void> {
  const before = await tensorCount(engine);
  const dy = new Float32Array(input.data.length);
  fillUpstream(upstream, 0, dy);
  const pass = { layer, input, flags, dy, mask };
  const wanted = gradients(layer, input, dy, flags, mask);
  const handle = await loadCopy(engine, input, mask);
  const elements = { start: 0, count: input.data.length };
  const request = { input: handle.id, layer: toWireLayer(layer), flags, upstream, elements };
  const got = await engine.gradients(request, never);
  await engine.close(handle.id, never);
  expect(await tensorCount(engine), 'tensors left behind').toBe(before);
  if (!wanted.ok) {
    expect(problemOf(got)).toEqual(wanted.problem);
    return;
  }
  const { x, ...parameters } = wanted.value;
  const { elements: dx, summaries, ...found } = valueOf(got);
  expect(found.normalizedWith).toBe(parameters.normalizedWith);
  expect(found.parametersLearn).toBe(parameters.parametersLearn);
  const scales = scalesOf(pass);
  expectWithin('gamma', found.gamma, parameters.gamma, c => 1e-12 * (scales.gamma[c] as number));
  expectWithin('beta', found.beta, parameters.beta, c => 1e-12 * (scales.beta[c] as number));
  expect(found.movingMean === null).toBe(parameters.movingMean === null);
  for (const name of ['movingMean', 'movingVariance'] as const) {
    const scale = scales[name];
    const wantedNumbers = parameters[name];
    if (wantedNumbers === null) continue;
    expectWithin(name, found[name] ?? [], wantedNumbers, c => 1e-12 * (scale[c] as number));
  }
  const layout = channelLayout(input.shape, layer.channelAxis);
  expectWithin('dx', dx, x.map(Math.fround), at => {
    const c = Math.floor(at / layout.inner) % layout.channels;
    const size = Math.abs(x[at] as number);
    return 2 ** -23 * size + 2 ** -149 + 1e-12 * (scales.dx[c] as number);
  });
  const { histogram: _, mean, std, ...counts } = summarizeChannels(dx, layout);
  for (const [name, column] of Object.entries(counts)) {
    const own = summaries[name as keyof typeof counts];
    expectWithin(`${name} of dx`, own, column, () => 0);
  }
  const spread = (c: number): number => 1e-9 * (Math.abs(mean[c] as number) + (std[c] as number));
  expectWithin('mean of dx', summaries.mean, mean, spread);
  expectWithin('std of dx', summaries.std, std, spread);
}

/** How large the terms are that each channel's gradients are the sums of: what float64 loses is a share of that. */
function scalesOf({
  layer,
  input,
  flags,
  dy,
  mask,
}: Pass): Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance' | 'dx', Float64Array> {
  const { channels, inner } = channelLayout(input.shape, layer.channelAxis);
  const column = (): Float64Array => new Float64Array(channels);
  const all = {
    gamma: column(),
    beta: column(),
    movingMean: column(),
    movingVariance: column(),
    dx: column(),
  };
  // dy/dgamma is what the step gives for gamma 1 and beta 0.
  const plain = { ...layer, gamma: column().fill(1), beta: column() };
  const slopes = valueOf(step(plain, input, flags, 1, mask)).output.data;
  const [largest, deviation] = [column(), column()];
  dy.forEach((given, at) => {
    const c = Math.floor(at / inner) % channels;
    const slope = Math.abs(slopes[at] as number);
    const add = (to: Float64Array, value: number): void => {
      to[c] = (to[c] as number) + value;
    };
    add(all.gamma, Math.abs(given) * slope);
    add(all.beta, Math.abs(given));
    largest[c] = Math.max(largest[c] as number, Math.abs(given));
    // Of a channel with several virtual batches one alone may be NaN.
    if (!Number.isNaN(slope)) deviation[c] = Math.max(deviation[c] as number, slope);
  });
  const measured = valueOf(measureBatch(layer, input, flags, mask));
  for (let group = 0; group < (measured.groups?.ghost.groups ?? 1); group++) {
    const moments = measured.groups?.moments.of(group) ?? measured.moments;
    const plan = valueOf(planBackward(layer, input.shape.length, moments, flags));
    for (let c = 0; c < channels; c++) {
      const inv = plan.inv[c] as number;
      const gammaInv = Math.abs((plan.gamma[c] as number) * inv);
      const own = gammaInv * (plan.r[c] as number);
      const spread = 2 + (deviation[c] as number) ** 2;
      const terms = own * (largest[c] as number) * spread;
      if (!Number.isNaN(terms)) all.dx[c] = Math.max(all.dx[c] as number, terms);
      all.movingMean[c] = gammaInv * (all.beta[c] as number);
      all.movingVariance[c] = gammaInv * inv * (all.gamma[c] as number);
    }
  }
  return all;
}

function expectWithin(
  what: string,
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: (at: number) => number,
): void {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i] as number, wanted[i] as number];
    if (Object.is(a, b) || a === b || Math.abs(held(a) - held(b)) <= tolerance(i)) continue;
    expect.fail(`${what}[${i}] is ${a}, and the reference has ${b}`);
  }
}

/** What float64 loses of a huge sum may be more than float32 can hold, and then is infinite there. */
function held(value: number): number {
  return Math.max(-float32Maximum, Math.min(float32Maximum, value));
}

const float32Maximum = (2 - 2 ** -23) * 2 ** 127;
