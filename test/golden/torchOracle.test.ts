import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import type { Flags } from '../../src/core/batchnorm/flags';
import { gradients } from '../../src/core/batchnorm/gradients';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import { step } from '../../src/core/batchnorm/step';
import type { Tensor } from '../../src/core/tensor/tensor';
import { createEngine } from '../../src/engine/engine';
import { toWireLayer } from '../../src/protocol/wireLayer';
import { printedSeed, Random } from '../property/random';
import { reasonNotHeld, type Tolerance } from './cases';
import { expectClose } from './hold';
import { loadRecords, type GoldenRecord, type Numbers } from './records';

const python = '/usr/bin/python3';

const engine = createEngine();
const { signal } = new AbortController();

interface TorchCase {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly x: readonly Numbers[];
  readonly gamma: Numbers | null;
  readonly beta: Numbers | null;
  readonly moving_mean: Numbers | null;
  readonly moving_variance: Numbers | null;
  readonly num_batches_tracked: number;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly training: boolean;
  readonly requires_grad: boolean;
  readonly frozen: boolean;
  /** The loss's gradient at every output, one list a call. */
  readonly dy?: readonly (readonly number[])[];
}

type TorchCall =
  | { readonly error: string }
  | {
      readonly error?: undefined;
      readonly output: Numbers;
      readonly moving_mean: Numbers | null;
      readonly moving_variance: Numbers | null;
      readonly num_batches_tracked: number | null;
      readonly grad_x?: Numbers;
      readonly grad_gamma?: Numbers | null;
      readonly grad_beta?: Numbers | null;
    };

function runTorch(cases: readonly TorchCase[]): readonly (readonly TorchCall[])[] {
  const ran = spawnSync(python, [join(__dirname, 'torchOracle.py')], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  const { version, results } = JSON.parse(ran.stdout) as {
    readonly version: string;
    readonly results: readonly (readonly TorchCall[])[];
  };
  console.log(`${cases.length} cases run by PyTorch ${version}`);
  return results;
}

const hasTorch = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;
if (!hasTorch) {
  console.log(`Not run: ${python} cannot import torch (Debian: apt install python3-torch).`);
}

const pytorch = conventions.find(({ id }) => id === 'pytorch');
if (!pytorch) throw new Error('no pytorch convention');

function randomCase(random: Random): TorchCase {
  const rank = random.integer(2, 5);
  const channels = random.integer(1, 4);
  const spatial = Array.from({ length: rank - 2 }, () => random.integer(1, 3));
  const samples = (): number => random.integer(1, 4);
  const perSample = spatial.reduce((size, dimension) => size * dimension, channels);
  // Numbers that float32 holds, so that the engine is given what PyTorch and the reference are.
  const list = (length: number, draw: () => number): number[] =>
    Array.from({ length }, () => Math.fround(draw()));
  const vector = (draw: () => number): number[] => list(channels, draw);
  const x = Array.from({ length: random.integer(1, 4) }, () => {
    const [scale, offset] = [random.pick([1, 1e-3, 100]), 3 * random.normal()];
    return list(samples() * perSample, () => scale * random.normal() + offset);
  });
  const affine = random.next() < 0.8;
  const tracked = random.next() < 0.9;
  return {
    shape: [1, channels, ...spatial],
    dtype: 'float64',
    x,
    dy: x.map(({ length }) => list(length, () => random.normal())),
    gamma: affine ? vector(() => random.pick([1, 0, random.normal()])) : null,
    beta: affine ? vector(() => random.normal()) : null,
    moving_mean: tracked ? vector(() => random.normal()) : null,
    moving_variance: tracked ? vector(() => random.pick([1, random.next() + 0.01])) : null,
    num_batches_tracked: random.pick([0, 0, 7]),
    epsilon: random.pick([1e-5, 1e-3, 0.5]),
    momentum: random.pick([0.1, 0.01, 0, 1, null, random.next()]),
    training: random.next() < 0.7,
    requires_grad: random.boolean(),
    frozen: tracked && random.next() < 0.1,
  };
}

function layerOf(torch: TorchCase): BatchNormLayer {
  const channels = torch.shape[1] ?? 1;
  const vector = (values: Numbers | null, fresh: number): Float64Array =>
    values ? Float64Array.from(values, Number) : new Float64Array(channels).fill(fresh);
  const tracking = torch.moving_mean === null ? 'none' : torch.frozen ? 'frozen' : undefined;
  return {
    convention: pytorch as NonNullable<typeof pytorch>,
    gamma: vector(torch.gamma, 1),
    beta: vector(torch.beta, 0),
    movingMean: vector(torch.moving_mean, 0),
    movingVariance: vector(torch.moving_variance, 1),
    epsilon: torch.epsilon,
    momentum: torch.momentum,
    channelAxis: 1,
    batchesTracked: torch.num_batches_tracked,
    ...(tracking && { tracking }),
    precision: 'float64',
  };
}

/** What is compared of a call's gradients: all, or all but those that PyTorch does not compute. */
type AllGradients = Readonly<Record<'x' | 'gamma' | 'beta', ArrayLike<number>>>;

function expectTorch(call: TorchCall, got: AllGradients, tolerance: Tolerance): void {
  if (call.error !== undefined || !call.grad_x) throw new Error('no gradients');
  expectClose('dx', Array.from(got.x), call.grad_x, tolerance);
  if (call.grad_gamma) expectClose('dgamma', Array.from(got.gamma), call.grad_gamma, tolerance);
  if (call.grad_beta) expectClose('dbeta', Array.from(got.beta), call.grad_beta, tolerance);
}

/** The engine's backward pass over the same call. It holds float32, so its input must be of such numbers. */
async function holdEngine(
  layer: BatchNormLayer,
  input: Tensor,
  flags: Flags,
  call: TorchCall,
  dy: readonly number[],
): Promise<void> {
  const { shape } = input;
  const loaded = await engine.load({ ...input, data: input.data.slice() }, signal);
  if (!loaded.ok) throw new Error(loaded.problem.message);
  const tensor = { shape, dtype: 'float32', data: Float32Array.from(dy) } as const;
  const found = await engine.gradients(
    {
      input: loaded.value.id,
      layer: toWireLayer(layer),
      flags,
      upstream: { kind: 'given', tensor },
      elements: { start: 0, count: dy.length },
    },
    signal,
  );
  await engine.close(loaded.value.id, signal);
  if (!found.ok) throw new Error(found.problem.message);
  // A gradient is a sum of terms as large as gamma/√(variance + epsilon) times dy.
  const largest = Math.max(...layer.gamma.map(Math.abs)) / Math.sqrt(layer.epsilon);
  const all = { ...found.value, x: found.value.elements };
  expectTorch(call, all, { abs: 1e-6 * (1 + largest * 1e-3), rel: 1e-6 });
}

/** Every call through the reference, each compared with what PyTorch made of it. */
async function holdTorch(torch: TorchCase, calls: readonly TorchCall[]): Promise<void> {
  let layer = layerOf(torch);
  const flags = { training: torch.training, trainable: torch.requires_grad };
  const sample = torch.shape.slice(1);
  const size = sample.reduce((product, dimension) => product * dimension, 1);
  for (const [i, call] of calls.entries()) {
    const data = Float64Array.from(torch.x[i] ?? [], Number);
    const input = { shape: [data.length / size, ...sample], dtype: 'float64' as const, data };
    const stepped = step(layer, input, flags);
    if (call.error !== undefined) {
      expect(stepped.ok, call.error).toBe(false);
      return;
    }
    if (!stepped.ok) throw new Error(stepped.problem.message);
    const tolerance = { abs: 1e-9, rel: 1e-9 };
    const dy = torch.dy?.[i];
    if (dy) {
      const back = gradients(layer, input, Float64Array.from(dy), flags);
      if (!back.ok) throw new Error(back.problem.message);
      expectTorch(call, back.value, tolerance);
      await holdEngine(layer, input, flags, call, dy);
      expect(back.value.parametersLearn).toBe(torch.requires_grad);
    }
    ({ layer } = stepped.value);
    expectClose('output', Array.from(stepped.value.output.data), call.output, tolerance);
    if (call.moving_mean && call.moving_variance) {
      expectClose('moving mean', Array.from(layer.movingMean), call.moving_mean, tolerance);
      expectClose(
        'moving variance',
        Array.from(layer.movingVariance),
        call.moving_variance,
        tolerance,
      );
      expect(layer.batchesTracked).toBe(call.num_batches_tracked);
    }
  }
}

/** A golden record as the oracle takes it. */
function torchCase(record: GoldenRecord): TorchCase {
  const untracked = record.flags?.track_running_stats === false;
  return {
    shape: record.shape ?? [],
    dtype: record.dtype ?? 'float32',
    x: record.steps?.map(({ x }) => x) ?? [record.x ?? []],
    gamma: record.gamma ?? null,
    beta: record.beta ?? null,
    moving_mean: record.moving_mean ?? null,
    moving_variance: record.moving_variance ?? null,
    num_batches_tracked: record.num_batches_tracked ?? 0,
    epsilon: record.epsilon ?? 1e-5,
    momentum: record.momentum ?? null,
    training: record.flags?.training === true,
    requires_grad: true,
    frozen: untracked && record.moving_mean !== null,
  };
}

/** Importing torch takes seconds, more on a busy machine. */
const timeout = 120_000;

describe.runIf(hasTorch)('the real PyTorch', { timeout }, () => {
  it('agrees with the reference and the engine on random layers, batches and flags', async () => {
    const seed = printedSeed('PyTorch');
    const random = new Random(seed);
    const cases = Array.from({ length: 300 }, () => randomCase(random));
    for (const [i, calls] of runTorch(cases).entries()) {
      const torch = cases[i] as TorchCase;
      try {
        await holdTorch(torch, calls);
      } catch (error) {
        throw new Error(`seed ${seed}, case ${i}: ${String(error)}\n${JSON.stringify(torch)}`);
      }
    }
    const memory = await engine.memory(null, signal);
    expect(memory.ok && memory.value.numTensors, 'tensors left behind').toBe(0);
  });

  it('still gives the numbers of pytorch.json', () => {
    const records = loadRecords('pytorch').filter(record => reasonNotHeld(record) === null);
    const results = runTorch(records.map(torchCase));
    records.forEach((record, i) => {
      const last = results[i]?.at(-1);
      if (record.expected.error !== undefined || last?.error !== undefined) {
        expect(last?.error, record.name).toMatch(/^Expected more than 1 value per channel/);
        return;
      }
      const tolerance = { abs: record.tol?.abs ?? 0, rel: record.tol?.rel ?? 0 };
      for (const quantity of ['output', 'moving_mean', 'moving_variance'] as const) {
        const expected = record.expected[quantity];
        if (!Array.isArray(expected)) continue;
        const got = (last?.[quantity] ?? []).map(Number);
        expectClose(`${record.name}: ${quantity}`, got, expected as Numbers, tolerance);
      }
    });
  });
});
