import { expect, it } from 'vitest';
import { tf1 } from '../../../src/core/batchnorm/conventions/tf1';
import type { Tensor } from '../../../src/core/tensor/tensor';
import { createEngine } from '../../../src/engine/engine';
import { openMemory, threadMemory } from '../../../src/engine/memory/engineMemory';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { makeLayer, never, problemOf, tensorCount, valueOf } from './support';

const withMemory = it.skipIf(openMemory() === undefined);

const shape = [40_000, 25] as const;
const bytes = 4_000_000;

function tensor(): Tensor {
  const data = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) => Math.sin(i));
  return { shape, dtype: 'float32', data };
}

/** Leaves the engine's memory so much room. Only what is written takes room in the machine. */
function leaveRoom(room: number): () => void {
  const memory = threadMemory();
  if (memory === undefined) throw new Error('the host has no shared memory');
  const block = valueOf(memory.allocate(memory.limit - memory.used - room - 2 ** 20));
  return () => memory.free(block);
}

withMemory(
  'a tensor for which there is no room is refused, with its size and the limit',
  async () => {
    const engine = createEngine();
    const free = leaveRoom(bytes / 2);
    const problem = problemOf(await engine.load(tensor(), never));
    expect(problem.code).toBe('out-of-memory');
    expect(problem.message).toMatch(
      /memory for 4000000 bytes: the engine has 4294901760, of which/,
    );
    expect(await tensorCount(engine)).toBe(0);
    free();
    const { id } = valueOf(await engine.load(tensor(), never));
    await engine.close(id, never);
    expect(threadMemory()?.used).toBe(0);
  },
);

withMemory('a step whose output has no room leaves its input as it was', async () => {
  const engine = createEngine();
  const free = leaveRoom(bytes * 1.5);
  const { id } = valueOf(await engine.load(tensor(), never));
  const layer = toWireLayer(makeLayer(tf1, shape, 1));
  const request = { input: id, layer, flags: { training: true, trainable: true }, steps: 1 };
  expect(problemOf(await engine.step(request, never)).code).toBe('out-of-memory');
  expect(await tensorCount(engine)).toBe(1);
  free();
  const { trace, output } = valueOf(await engine.step(request, never));
  expect(trace.batch.n[0]).toBe(shape[0]);
  expect((await engine.read({ tensor: output.id, start: 0, count: 1 }, never)).ok).toBe(true);
  await engine.close(id, never);
  expect(await tensorCount(engine)).toBe(0);
  expect(threadMemory()?.used).toBe(0);
});
