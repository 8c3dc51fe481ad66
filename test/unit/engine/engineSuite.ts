import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keras3 } from '../../../src/core/batchnorm/conventions/keras3';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { tf1 } from '../../../src/core/batchnorm/conventions/tf1';
import { flagCombinations } from '../../../src/core/batchnorm/flags';
import { channelLayout, sizeOf, type Shape } from '../../../src/core/tensor/shape';
import type { DType, Tensor, TensorData } from '../../../src/core/tensor/tensor';
import { createEngine } from '../../../src/engine/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import {
  expectClose,
  holdToReference,
  loadCopy,
  makeLayer,
  never,
  problemOf,
  readWhole,
  tensorCount,
  valueOf,
} from './support';

/** The tests of the engine, for each kind of memory that its tensors may live in. */
export function describeEngine(): void {
  const engine = createEngine();
  let atStart = 0;

  beforeAll(async () => {
    await engine.preview(
      { input: ramp([2, 1]), layer: toWireLayer(makeLayer(tf1, [2, 1], 1)), flags: training },
      never,
    );
    atStart = await tensorCount(engine);
  });

  afterAll(async () => {
    expect(await tensorCount(engine)).toBe(atStart);
  });

  const training = { training: true, trainable: true };

  /** Distinct values, and the same ones in every run. */
  function ramp(
    shape: Shape,
    make: (length: number) => TensorData = n => new Float32Array(n),
  ): Tensor {
    const data = make(sizeOf(shape)).map((_: number, i: number) => ((i * 7919) % 251) - 97);
    const dtypes: Readonly<Record<string, DType>> = { Int32Array: 'int32', Uint8Array: 'bool' };
    return { shape, dtype: dtypes[data.constructor.name] ?? 'float32', data };
  }

  describe('a step over every axis of every rank', () => {
    const shapes: readonly Shape[] = [
      [7],
      [5, 3],
      [300, 4],
      [4, 300],
      [2, 3, 5],
      [1, 2, 2, 4],
      [2, 3, 17, 19],
      [2, 2, 3, 2, 4],
      [2, 1, 3, 2, 2, 2],
      [2, 1, 3, 2, 1, 2, 2],
      [2, 1, 3, 2, 1, 2, 1, 2],
    ];
    for (const shape of shapes) {
      for (let axis = 0; axis < shape.length; axis++) {
        it(`[${shape.join(',')}] axis ${axis}`, async () => {
          const column = (offset: number): Float64Array =>
            Float64Array.from({ length: shape[axis] ?? 1 }, (_, c) => offset + c / 2);
          const layer = makeLayer(tf1, shape, axis, {
            gamma: column(-1),
            beta: column(0.5),
            movingMean: column(3),
            movingVariance: column(0.25),
          });
          await holdToReference(engine, layer, ramp(shape), flagCombinations);
        });
      }
    }
  });

  describe('inputs of other kinds', () => {
    const shape = [4, 3, 5] as const;

    it.each(['int32', 'bool'] as const)(
      '%s is normalised as float32, and read as itself',
      async dtype => {
        const input: Tensor =
          dtype === 'int32'
            ? ramp(shape, n => new Int32Array(n))
            : { shape, dtype, data: new Uint8Array(60).map((_, i) => i % 2) };
        await holdToReference(engine, makeLayer(tf1, shape, 1), input, flagCombinations);
        const handle = await loadCopy(engine, input);
        expect(handle.dtype).toBe(dtype);
        expect(await readWhole(engine, handle)).toEqual(input.data);
        await engine.close(handle.id, never);
      },
    );

    it('float64 is rounded to float32, and the handle says so', async () => {
      const data = Float64Array.of(0.1, 0.2, 1e-50, 1e300);
      const handle = await loadCopy(engine, { shape: [2, 2], dtype: 'float64', data });
      expect(handle.dtype).toBe('float32');
      expect(await readWhole(engine, handle)).toEqual(Float32Array.from(data));
      await engine.close(handle.id, never);
    });

    it.each([
      [[0, 3], 1],
      [[3, 0], 1],
      [[2, 0, 3], 2],
    ])(
      'an empty tensor %j has an empty output, and nothing is updated or lost',
      async (empty, axis) => {
        const layer = makeLayer(tf1, empty, axis);
        const input: Tensor = { shape: empty, dtype: 'float32', data: new Float32Array() };
        await holdToReference(engine, layer, input, flagCombinations);
      },
    );

    it('one value a channel is refused where the framework refuses it, and only there', async () => {
      const one: Tensor = { shape: [1, 3], dtype: 'float32', data: Float32Array.of(1, 2, 3) };
      await holdToReference(engine, makeLayer(tf1, [1, 3], 1), one, flagCombinations);
      await holdToReference(engine, makeLayer(keras3, [1, 3], 1), one, flagCombinations);
      await holdToReference(engine, makeLayer(pytorch, [1, 3], 1), one, flagCombinations);
    });

    it('a NaN or an infinity reaches its own channel only', async () => {
      const input = ramp([50, 4]);
      const data = Float32Array.from(input.data);
      data[5] = NaN;
      data[14] = -Infinity;
      const poisoned: Tensor = { ...input, data };
      const layer = makeLayer(tf1, [50, 4], 1);
      await holdToReference(engine, layer, poisoned, flagCombinations);
      const handle = await loadCopy(engine, poisoned);
      const request = { input: handle.id, layer: toWireLayer(layer), flags: training, steps: 1 };
      const { trace } = valueOf(await engine.step(request, never));
      expect(Array.from(trace.movingMeanAfter, Number.isNaN)).toEqual([false, true, false, false]);
      expect(trace.batch.mean[2]).toBe(-Infinity);
      expect(trace.batch.mean[0]).toBeCloseTo(valueOfMean(poisoned, 0), 10);
      await engine.close(handle.id, never);
    });

    it('mean 10⁴ and standard deviation 10⁻² lose nothing', async () => {
      const shape: Shape = [4096, 2];
      const data = Float32Array.from({ length: 8192 }, (_, i) => 1e4 + 1e-2 * Math.sin(i * 1.7));
      const layer = makeLayer(pytorch, shape, 1, { epsilon: 0 });
      await holdToReference(engine, layer, { shape, dtype: 'float32', data }, flagCombinations);
    });
  });

  function valueOfMean({ data, shape }: Tensor, channel: number): number {
    const { channels } = channelLayout(shape, shape.length - 1);
    const own = Array.from(data).filter((_, i) => i % channels === channel);
    return own.reduce((sum, x) => sum + x, 0) / own.length;
  }

  describe('several steps', () => {
    it('over the same batch are what one at a time would be', async () => {
      await holdToReference(
        engine,
        makeLayer(tf1, [2, 3, 4], 2),
        ramp([2, 3, 4]),
        flagCombinations,
        7,
      );
    });

    it('are planned in parts when they are many, with the same result', async () => {
      const layer = makeLayer(pytorch, [6, 2, 2], 1, { momentum: null });
      await holdToReference(engine, layer, ramp([6, 2, 2]), flagCombinations, 20_000);
    });
  });

  describe('reading', () => {
    it('gives the elements asked for, as a copy', async () => {
      const input = ramp([3, 4]);
      const handle = await loadCopy(engine, input);
      const part = valueOf(await engine.read({ tensor: handle.id, start: 5, count: 3 }, never));
      expect(part).toEqual(input.data.slice(5, 8));
      part[0] = 12345;
      expect(await readWhole(engine, handle)).toEqual(input.data);
      await engine.close(handle.id, never);
    });

    it.each([
      [0, 13],
      [-1, 2],
      [12, 1],
      [0.5, 1],
      [NaN, 1],
    ])('refuses a range that is not there: %d, %d', async (start, count) => {
      const handle = await loadCopy(engine, ramp([3, 4]));
      const read = await engine.read({ tensor: handle.id, start, count }, never);
      expect(problemOf(read).code).toBe('range-invalid');
      await engine.close(handle.id, never);
    });
  });

  describe('a preview', () => {
    it('is a step that keeps nothing', async () => {
      const layer = makeLayer(tf1, [2, 3], 1);
      const input = ramp([2, 3]);
      const previewed = valueOf(
        await engine.preview({ input, layer: toWireLayer(layer), flags: training }, never),
      );
      const handle = await loadCopy(engine, input);
      const request = { input: handle.id, layer: toWireLayer(layer), flags: training, steps: 1 };
      const stepped = valueOf(await engine.step(request, never));
      expect(previewed.trace).toEqual(stepped.trace);
      expect(previewed.output).toEqual(await readWhole(engine, stepped.output));
      await engine.close(handle.id, never);
      expect(await tensorCount(engine)).toBe(atStart);
    });

    it('that is refused keeps nothing either', async () => {
      const layer = toWireLayer(makeLayer(pytorch, [1, 3], 1));
      const refused = await engine.preview({ input: ramp([1, 3]), layer, flags: training }, never);
      expect(problemOf(refused).code).toBe('single-value');
      expect(await tensorCount(engine)).toBe(atStart);
    });
  });

  describe('what does not fit', () => {
    const small = ramp([2, 3]);
    const layer = toWireLayer(makeLayer(tf1, [2, 3], 1));

    it.each([
      [
        'length-mismatch',
        { ...layer, channelAxis: 0 },
        1,
        /3 channels, but axis 0 of \[2,3\] has 2/,
      ],
      ['axis-out-of-range', { ...layer, channelAxis: 2 }, 1, /axes 0 to 1/],
      ['unknown-convention', { ...layer, convention: 'tf0' }, 1, /"tf0": use one of tf1/],
      ['steps-invalid', layer, 0, /0 steps: give a whole number from 1/],
      ['steps-invalid', layer, 1.5, /1.5 steps/],
      ['steps-invalid', layer, 1e9, /to 1000000/],
    ])('%s', async (code, wire, steps, message) => {
      const handle = await loadCopy(engine, small);
      const request = { input: handle.id, layer: wire, flags: training, steps };
      const problem = problemOf(await engine.step(request, never));
      expect(problem.code).toBe(code);
      expect(problem.message).toMatch(message);
      await engine.close(handle.id, never);
      expect(await tensorCount(engine)).toBe(atStart);
    });

    it.each([
      ['tensor-too-large', [1 << 15, 1 << 14], 4, /536870912 elements, and 268435456 is the limit/],
      ['tensor-too-large', [2 ** 40, 2 ** 40], 4, /e\+24 elements, and 268435456 is the limit/],
      ['shape-mismatch', [2, 3], 4, /\[2,3\] has 6 elements, and 4 values were given/],
      ['shape-invalid', [2, -2], 4, /\[2,-2\] is not a shape/],
      ['shape-invalid', [2.5, 2], 5, /is not a shape/],
    ])('an input: %s', async (code, shape, length, message) => {
      const input: Tensor = { shape, dtype: 'float32', data: new Float32Array(length) };
      const problem = problemOf(await engine.load(input, never));
      expect(problem.code).toBe(code);
      expect(problem.message).toMatch(message);
      expect(await tensorCount(engine)).toBe(atStart);
    });
  });

  it('memory is not asked of tfjs before anything needed it', async () => {
    const fresh = createEngine();
    expect(valueOf(await fresh.memory(null, never))).toEqual({ numTensors: 0, numBytes: 0 });
    expect(await fresh.close(1, never)).toEqual({ ok: true, value: null });
  });

  it('a toggle writes over the last output and measures nothing again', async () => {
    const shape: Shape = [400, 3];
    const handle = await loadCopy(engine, ramp(shape));
    const layer = toWireLayer(makeLayer(tf1, shape, 1));
    const step = async (flags = training): Promise<number> => {
      const stepped = await engine.step({ input: handle.id, layer, flags, steps: 1 }, never);
      return valueOf(stepped).output.id;
    };
    await step();
    const bytes = valueOf(await engine.memory(null, never)).numBytes;
    const outputs = new Set<number>();
    for (let i = 0; i < 10; i++)
      outputs.add(await step({ training: i % 2 === 0, trainable: true }));
    expect(outputs.size).toBe(10);
    expect(valueOf(await engine.memory(null, never)).numBytes).toBe(bytes);
    await engine.close(handle.id, never);
  });

  it('the seed, in both modes', async () => {
    const shape: Shape = [1, 2, 2, 4];
    const data = Float32Array.of(4, 5, 9, 0, 7, 8, 9, 6, 2, 1, 6, 5, 0, 0, 2, 0);
    const layer = makeLayer(tf1, shape, 3, {
      gamma: new Float64Array(4).fill(2),
      beta: new Float64Array(4).fill(1),
    });
    const handle = await loadCopy(engine, { shape, dtype: 'float32', data });
    const outputOf = async (flag: boolean): Promise<TensorData> => {
      const flags = { training: flag, trainable: true };
      const request = { input: handle.id, layer: toWireLayer(layer), flags, steps: 1 };
      const { output } = valueOf(await engine.step(request, never));
      return valueOf(await engine.read({ tensor: output.id, start: 0, count: 4 }, never));
    };
    expectClose(await outputOf(false), [8.996002, 10.995003, 18.991007, 1], 1e-6, 0);
    expectClose(await outputOf(true), [1.58, 1.94, 2.74, -0.98], 1e-2, 0);
    await engine.close(handle.id, never);
  });
}
