import { afterEach, describe, expect, it } from 'vitest';
import { keras2 } from '../../../src/core/batchnorm/conventions/keras2';
import { keras3 } from '../../../src/core/batchnorm/conventions/keras3';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { tf1 } from '../../../src/core/batchnorm/conventions/tf1';
import { fillUpstream, type Upstream } from '../../../src/core/batchnorm/upstream';
import type { BatchNormLayer } from '../../../src/core/batchnorm/layer';
import { sizeOf, type Shape } from '../../../src/core/tensor/shape';
import type { Tensor } from '../../../src/core/tensor/tensor';
import { createEngine } from '../../../src/engine/engine';
import type { GradientsRequest } from '../../../src/protocol/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { holdGradients } from './holdGradients';
import { loadCopy, makeLayer, never, problemOf, tensorCount, valueOf } from './support';

const engine = createEngine();
const on = { training: true, trainable: true };
const ones: Upstream = { kind: 'ones' };

afterEach(async () => {
  expect(await tensorCount(engine), 'tensors left behind').toBe(0);
});

function inputOf(shape: Shape): Tensor {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * 1.7) * 3 + 1);
  return { shape, dtype: 'float32', data };
}

function layerOf(shape: Shape, axis: number, change: Partial<BatchNormLayer> = {}): BatchNormLayer {
  const column = (value: (c: number) => number): Float64Array =>
    Float64Array.from({ length: shape[axis] ?? 1 }, (_, c) => Math.fround(value(c)));
  return makeLayer(change.convention ?? tf1, shape, axis, {
    gamma: column(c => 1.5 - (c % 3)),
    beta: column(c => c % 5),
    movingMean: column(c => 0.5 - (c % 2)),
    movingVariance: column(c => 0.4 + (c % 4)),
    ...change,
  });
}

/** All that is asked for in most tests, with the whole of the input's gradient. */
function requestOf(
  input: number,
  layer: BatchNormLayer,
  shape: Shape,
  change: Partial<GradientsRequest> = {},
): GradientsRequest {
  const elements = { start: 0, count: sizeOf(shape) };
  return { input, layer: toWireLayer(layer), flags: on, upstream: ones, elements, ...change };
}

/** Lets the engine work for a moment, so that what comes next meets it in the middle. */
function soon(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

describe('gradients', () => {
  // Whole rows, rows cut by channels, and a channel cut in itself: every way to cut a tensor in slabs.
  it.each([
    [[3, 4], 1],
    [[2, 3, 5, 4], 3],
    [[2, 3, 5, 4], 1],
    [[30_000, 3], 1],
    [[1, 2, 140_000], 1],
    [[2, 70_000], 1],
    [[2, 5, 30_000], 1],
    [[7, 2, 3], 0],
  ] as const)('of shape %j over axis %i are those of the reference', async (shape, axis) => {
    const layer = layerOf(shape, axis);
    const input = inputOf(shape);
    for (const flags of [on, { training: false, trainable: true }]) {
      for (const upstream of [ones, { kind: 'random', seed: 7 }] as const) {
        await holdGradients(engine, layer, input, flags, upstream);
      }
    }
  });

  it('under a mask and in virtual batches, too', async () => {
    const shape = [6, 50, 3] as const;
    const input = inputOf(shape);
    const mask = Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const random = { kind: 'random', seed: 1 } as const;
    for (const convention of [keras2, keras3, pytorch]) {
      const layer = layerOf(shape, convention === pytorch ? 1 : 2, { convention });
      await holdGradients(engine, layer, input, on, random, mask);
    }
    const long = inputOf([6, 30_000, 3]);
    const ghost = layerOf(long.shape, 2, { virtualBatchSize: 2 });
    await holdGradients(engine, ghost, long, on, random);
  });

  it('start from a gradient that is given', async () => {
    const shape = [4, 3] as const;
    const tensor = inputOf([4, 3]);
    await holdGradients(engine, layerOf(shape, 1), inputOf(shape), on, { kind: 'given', tensor });
    const float64: Tensor = { shape, dtype: 'float64', data: Float64Array.from(tensor.data) };
    await holdGradients(engine, layerOf(shape, 1), inputOf(shape), on, {
      kind: 'given',
      tensor: float64,
    });
  });

  it('of whole numbers are those of the numbers', async () => {
    const input: Tensor = { shape: [3, 2], dtype: 'int32', data: Int32Array.of(1, 5, 2, 9, 7, 3) };
    await holdGradients(engine, layerOf([3, 2], 1), input, on, { kind: 'random', seed: 3 });
  });

  it('give the elements that were asked for, and no others', async () => {
    const shape = [40_000, 4] as const;
    const layer = layerOf(shape, 1);
    const handle = await loadCopy(engine, inputOf(shape));
    const upstream = { kind: 'random', seed: 5 } as const;
    const request = requestOf(handle.id, layer, shape, { upstream });
    const whole = valueOf(await engine.gradients(request, never)).elements;
    // Across the border of two slabs, none at all, and the last one.
    for (const [start, count] of [
      [65_530, 12],
      [17, 0],
      [159_999, 1],
    ] as const) {
      const some = { ...request, elements: { start, count } };
      const { elements, summaries } = valueOf(await engine.gradients(some, never));
      expect(elements).toEqual(whole.slice(start, start + count));
      expect(summaries.n[0]).toBe(40_000);
    }
    await engine.close(handle.id, never);
  });

  it('with a NaN in one channel leave the others alone', async () => {
    const input = inputOf([5, 3]);
    input.data[4] = NaN;
    await holdGradients(engine, layerOf([5, 3], 1), input, on, { kind: 'random', seed: 2 });
  });

  it('of a mean far away are right all the same', async () => {
    const shape = [512, 2] as const;
    const data = Float32Array.from({ length: 1024 }, (_, i) => 1e4 + 0.01 * Math.sin(i * 1.7));
    const layer = layerOf(shape, 1, { epsilon: 1e-3 });
    await holdGradients(engine, layer, { shape, dtype: 'float32', data }, on, {
      kind: 'random',
      seed: 4,
    });
  });

  it('say whether gamma and beta learn, and which line of dx holds', async () => {
    const shape = [4, 3] as const;
    const handle = await loadCopy(engine, inputOf(shape));
    const frozen = { training: true, trainable: false };
    for (const [convention, by] of [
      [tf1, 'batch'],
      [keras3, 'moving'],
      [pytorch, 'batch'],
    ] as const) {
      const layer = layerOf(shape, 1, { convention });
      const request = requestOf(handle.id, layer, shape, { flags: frozen });
      const found = valueOf(await engine.gradients(request, never));
      expect(found.normalizedWith).toBe(by);
      expect(found.parametersLearn).toBe(false);
      expect(found.movingMean === null).toBe(by === 'batch');
    }
    await engine.close(handle.id, never);
  });
});

describe('a request for gradients', () => {
  const shape = [200_000, 16] as const;
  const layer = layerOf(shape, 1);

  it('is refused with what would be right', async () => {
    const small = [4, 3] as const;
    const handle = await loadCopy(engine, inputOf(small));
    const request = requestOf(handle.id, layerOf(small, 1), small);
    const code = async (change: Partial<GradientsRequest>): Promise<string> =>
      problemOf(await engine.gradients({ ...request, ...change }, never)).message;
    expect(await code({ elements: { start: 10, count: 3 } })).toBe(
      'Elements 10 to 13 were asked for, and [4,3] has 12.',
    );
    expect(await code({ upstream: { kind: 'given', tensor: inputOf([3, 4]) } })).toBe(
      "The output's gradient has shape [3,4]: it needs the output's, [4,3].",
    );
    expect(await code({ upstream: { kind: 'random', seed: 0.5 } })).toBe(
      '0.5 is not a seed: give a whole number from 0 to 4294967295.',
    );
    const other = layerOf([4, 5], 1);
    expect(await code({ layer: toWireLayer(other) })).toContain('The layer has 5 channels');
    const single = layerOf([1, 3], 1, { convention: pytorch });
    const one = await loadCopy(engine, inputOf([1, 3]));
    const alone = requestOf(one.id, single, [1, 3]);
    expect(problemOf(await engine.gradients(alone, never)).code).toBe('single-value');
    await engine.close(one.id, never);
    await engine.close(handle.id, never);
    expect(problemOf(await engine.gradients(request, never)).code).toBe('superseded');
  });

  it('stops in the middle when nobody wants it any more', async () => {
    const handle = await loadCopy(engine, inputOf(shape));
    const controller = new AbortController();
    const request = requestOf(handle.id, layer, shape, { elements: { start: 0, count: 0 } });
    const given = engine.gradients(request, controller.signal);
    await soon();
    controller.abort();
    expect(problemOf(await given).code).toBe('cancelled');
    expect(await tensorCount(engine)).toBe(1);
    const after = valueOf(await engine.gradients(request, never));
    expect(after.beta[0]).toBe(shape[0]);
    await engine.close(handle.id, never);
  });

  it('is cancelled by a newer one on the same input, and not by a step', async () => {
    const handle = await loadCopy(engine, inputOf(shape));
    const request = requestOf(handle.id, layer, shape, { elements: { start: 0, count: 0 } });
    const first = engine.gradients(request, never);
    await soon();
    const second = engine.gradients(request, never);
    const step = { input: handle.id, layer: toWireLayer(layer), flags: on, steps: 1 };
    const stepped = engine.step(step, never);
    expect(problemOf(await first).code).toBe('cancelled');
    expect(valueOf(await second).beta[0]).toBe(shape[0]);
    expect(valueOf(await stepped).trace.batch.n[0]).toBe(shape[0]);
    await engine.close(handle.id, never);
  });

  it('ends when its input is closed', async () => {
    const handle = await loadCopy(engine, inputOf(shape));
    const request = requestOf(handle.id, layer, shape, { elements: { start: 0, count: 0 } });
    const given = engine.gradients(request, never);
    await soon();
    await engine.close(handle.id, never);
    expect(problemOf(await given).code).toBe('cancelled');
  });
});

describe('random upstream gradients', () => {
  it('depend on seed and index alone, and look normal', () => {
    const whole = new Float32Array(100_000);
    fillUpstream({ kind: 'random', seed: 9 }, 0, whole);
    const part = new Float32Array(100);
    fillUpstream({ kind: 'random', seed: 9 }, 50_000, part);
    expect(part).toEqual(whole.slice(50_000, 50_100));
    const other = new Float32Array(100);
    fillUpstream({ kind: 'random', seed: 10 }, 50_000, other);
    expect(other).not.toEqual(part);
    const mean = whole.reduce((sum, x) => sum + x, 0) / whole.length;
    const variance = whole.reduce((sum, x) => sum + (x - mean) ** 2, 0) / whole.length;
    const kurtosis = whole.reduce((sum, x) => sum + (x - mean) ** 4, 0) / whole.length;
    const neighbours = whole.slice(1).reduce((sum, x, i) => sum + x * (whole[i] as number), 0);
    // Five standard deviations of each estimate, over 100,000 independent numbers.
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(1e5));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 1e5));
    expect(Math.abs(kurtosis - 3)).toBeLessThan(5 * Math.sqrt(96 / 1e5));
    expect(Math.abs(neighbours / 1e5)).toBeLessThan(5 / Math.sqrt(1e5));
  });
});
