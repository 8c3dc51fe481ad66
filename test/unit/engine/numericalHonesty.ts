import { afterAll, describe, expect, it } from 'vitest';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { channelLayout, sizeOf, type ChannelLayout } from '../../../src/core/tensor/shape';
import type { Tensor, TensorData } from '../../../src/core/tensor/tensor';
import type { Trace } from '../../../src/core/batchnorm/trace';
import { createEngine } from '../../../src/engine/engine';
import { simdFrom } from '../../../src/engine/kernels/simd/walk';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { Random } from '../../property/random';
import { loadCopy, makeLayer, never, readWhole, tensorCount, valueOf } from './support';

/** Layouts of every rank that batch norm is used with, the channels first, in the middle and last. */
const layouts = [
  { shape: [700, 6], axes: [0, 1] },
  { shape: [9, 5, 70], axes: [0, 1, 2] },
  { shape: [4, 6, 11, 13], axes: [0, 1, 2, 3] },
  { shape: [3, 5, 4, 9, 8], axes: [0, 1, 2, 4] },
].flatMap(({ shape, axes }) => axes.map(axis => ({ shape, axis })));

const [mean, deviation] = [1e4, 1e-2];
const epsilon = 1e-5;

/** Between 8192 and 16384 every float32 is a whole number of these, so that sums of them are exact. */
const unit = 2 ** -10;

interface Exact {
  readonly mean: number;
  readonly variance: number;
}

/** Σx/n and Σ(x − mean)²/n in whole numbers, rounded once. */
function exactMoments(values: readonly number[]): Exact {
  const whole = values.map(x => BigInt(Math.round((x - mean) / unit)));
  const n = BigInt(whole.length);
  const sum = whole.reduce((total, x) => total + x, 0n);
  const squares = whole.reduce((total, x) => total + x * x, 0n);
  return {
    mean: mean + (Number(sum) * unit) / whole.length,
    variance: (Number(n * squares - sum * sum) * unit ** 2) / whole.length ** 2,
  };
}

function channelOf({ inner, channels }: ChannelLayout, at: number): number {
  return Math.floor(at / inner) % channels;
}

function shifted(shape: readonly number[], seed: number): Tensor & { data: Float32Array } {
  const random = new Random(seed);
  const data = Float32Array.from(
    { length: sizeOf(shape) },
    () => mean + deviation * random.normal(),
  );
  return { shape, dtype: 'float32', data };
}

/** Numbers far from 0 beside their spread, and numbers that are none: whichever kernels there are. */
export function describeNumericalHonesty(): void {
  const engine = createEngine();
  const flags = { training: true, trainable: true };

  async function stepOver(
    input: Tensor,
    axis: number,
  ): Promise<{ readonly trace: Trace; readonly output: TensorData }> {
    const handle = await loadCopy(engine, input);
    const layer = { ...makeLayer(pytorch, input.shape, axis), epsilon };
    const request = { input: handle.id, layer: toWireLayer(layer), flags, steps: 1 };
    const stepped = valueOf(await engine.step(request, never));
    const output = await readWhole(engine, stepped.output);
    valueOf(await engine.close(handle.id, never));
    return { trace: stepped.trace, output };
  }

  function near(what: string, got: number, wanted: number, scale = 0): void {
    const within = 1e-6 * Math.abs(wanted) + scale;
    if (Math.abs(got - wanted) <= within) return;
    expect.fail(`${what} is ${got} instead of ${wanted}`);
  }

  describe('mean 1e4 and deviation 1e-2 in float32', () => {
    it.each(layouts)('is right to a millionth: $shape, axis $axis', async ({ shape, axis }) => {
      const input = shifted(shape, 20 + axis);
      expect(input.data.length).toBeGreaterThanOrEqual(simdFrom);
      const { trace, output } = await stepOver(input, axis);
      const layout = channelLayout(shape, axis);
      const columns = Array.from({ length: layout.channels }, (): number[] => []);
      input.data.forEach((x, at) => columns[channelOf(layout, at)]?.push(x));
      const exact = columns.map(exactMoments);
      exact.forEach((wanted, c) => {
        const n = (columns[c] ?? []).length;
        const after = [trace.movingMeanAfter, trace.movingVarianceAfter].map(column => column[c]);
        near(`mean ${c}`, trace.batch.mean[c] as number, wanted.mean);
        // A millionth of the mean would be a whole deviation: of the deviation, then.
        near(`mean ${c} − 1e4`, (trace.batch.mean[c] as number) - mean, wanted.mean - mean, 1e-8);
        near(`variance ${c}`, trace.batch.variance[c] as number, wanted.variance);
        near(`moving mean ${c}`, after[0] as number, 0.1 * wanted.mean);
        near(
          `moving variance ${c}`,
          after[1] as number,
          0.9 + (0.1 * wanted.variance * n) / (n - 1),
        );
        expect(trace.batch.n[c]).toBe(n);
        expect(trace.output.n[c]).toBe(n);
      });
      output.forEach((y, at) => {
        const { mean: m, variance } = exact[channelOf(layout, at)] as Exact;
        const wanted = ((input.data[at] as number) - m) / Math.sqrt(variance + epsilon);
        // An output of almost 0 is the difference of two numbers of 1e4: a hundred-millionth of the others.
        near(`output ${at}`, y, wanted, 1e-8);
      });
    });
  });

  describe('one NaN', () => {
    it.each(layouts)(
      'poisons its own channel alone: $shape, axis $axis',
      async ({ shape, axis }) => {
        const clean = shifted(shape, 40 + axis);
        const layout = channelLayout(shape, axis);
        const { trace: before, output: cleanOutput } = await stepOver(clean, axis);
        const random = new Random(60 + axis);
        const first = random.integer(0, clean.data.length - 1);
        const poisoned = channelOf(layout, first);
        const data = clean.data.slice();
        data[first] = NaN;
        // A later infinity in the same channel is not the first offender.
        const later = data.findIndex((_, at) => at > first && channelOf(layout, at) === poisoned);
        if (later >= 0) data[later] = Infinity;
        const { trace, output } = await stepOver({ ...clean, data }, axis);
        for (let c = 0; c < layout.channels; c++) {
          const bad = c === poisoned;
          expect(trace.firstNonFinite?.[c], `first of channel ${c}`).toBe(bad ? first : -1);
          expect(trace.batch.n[c]).toBe(before.batch.n[c]);
          for (const [got, wanted] of [
            [trace.batch.mean, before.batch.mean],
            [trace.batch.variance, before.batch.variance],
            [trace.movingMeanAfter, before.movingMeanAfter],
            [trace.movingVarianceAfter, before.movingVarianceAfter],
          ] as const) {
            expect(got[c], `channel ${c}`).toBe(bad ? NaN : wanted[c]);
          }
          expect(trace.output.nan[c], `NaN of channel ${c}`).toBe(bad ? trace.batch.n[c] : 0);
        }
        output.forEach((y, at) => {
          const wanted = channelOf(layout, at) === poisoned ? NaN : cleanOutput[at];
          if (!Object.is(y, wanted)) expect.fail(`output ${at} is ${y} instead of ${wanted}`);
        });
      },
    );
  });

  afterAll(async () => {
    expect(await tensorCount(engine), 'tensors left behind').toBe(0);
  });
}
