import { describe, expect, it } from 'vitest';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { defaultTolerance } from '../../../src/core/statistics/compare';
import { createEngine } from '../../../src/engine/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { makeLayer, never, problemOf, readWhole, valueOf } from './support';

/** The tests of comparing, for each kind of memory that tensors may live in. */
export function describeCompare(): void {
  const engine = createEngine();
  const load = async (shape: number[], data: Float32Array): Promise<number> =>
    valueOf(await engine.load({ shape, dtype: 'float32', data }, never)).id;
  const tolerance = defaultTolerance;

  describe('two tensors', () => {
    it('are compared in slices', async () => {
      const data = Float32Array.from({ length: 200_000 }, (_, i) => i);
      const other = data.slice();
      other[150_000] = -1;
      const [a, b] = [await load([200, 1000], data), await load([200, 1000], other)];
      const found = valueOf(await engine.compare({ a, b, tolerance }, never));
      expect(found).toMatchObject({ n: 200_000, equal: 199_999, maxAbs: 150_001 });
      expect(found.worst).toEqual([{ index: 150_000, a: 150_000, b: -1 }]);
      await engine.close(a, never);
      await engine.close(b, never);
    });

    it('of other shapes are refused', async () => {
      const [a, b] = [
        await load([4], new Float32Array(4)),
        await load([2, 2], new Float32Array(4)),
      ];
      const { code, message } = problemOf(await engine.compare({ a, b, tolerance }, never));
      expect(code).toBe('shapes-differ');
      expect(message).toMatch(/^A is \[4\], and B is \[2,2\]: only tensors of one shape/);
      await engine.close(a, never);
      await engine.close(b, never);
    });

    it('are not compared where that is cancelled, or one is gone', async () => {
      const a = await load([4], new Float32Array(4));
      const cancelled = AbortSignal.abort();
      expect(problemOf(await engine.compare({ a, b: a, tolerance }, cancelled)).code).toBe(
        'cancelled',
      );
      expect(problemOf(await engine.compare({ a, b: 999, tolerance }, never)).code).toBe(
        'superseded',
      );
      await engine.close(a, never);
    });
  });

  it('a copy of an output outlives the step that replaces it', async () => {
    const shape = [2, 2];
    const input = await load(shape, Float32Array.of(1, 2, 3, 4));
    const layer = toWireLayer(makeLayer(pytorch, shape, 1));
    const step = async (training: boolean): Promise<number> => {
      const flags = { training, trainable: true };
      return valueOf(await engine.step({ input, layer, flags, steps: 1 }, never)).output.id;
    };
    const before = valueOf(await engine.memory(null, never)).numTensors;
    const copy = valueOf(await engine.copy(await step(false), never));
    const output = await step(true);
    const found = valueOf(await engine.compare({ a: copy.id, b: output, tolerance }, never));
    expect(found.outside).toBe(4);
    const kept = await readWhole(engine, copy);
    expect(kept[3]).toBeCloseTo(4 / Math.sqrt(1 + 1e-3), 5);
    await engine.close(copy.id, never);
    await engine.close(output, never);
    expect(valueOf(await engine.memory(null, never)).numTensors).toBe(before);
    await engine.close(input, never);
  });
}
