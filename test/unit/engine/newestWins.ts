import { afterEach, expect, it } from 'vitest';
import { tf1 } from '../../../src/core/batchnorm/conventions/tf1';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { createEngine } from '../../../src/engine/engine';
import { threadMemory } from '../../../src/engine/memory/engineMemory';
import type { StepRequest } from '../../../src/protocol/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { makeLayer, never, problemOf, tensorCount, valueOf } from './support';

/** What becomes of work that something newer overtakes, with helper threads and without. */
export function describeNewestWins(): void {
  const engine = createEngine();
  /** Enough for several slices of work. */
  const shape = [250_000, 64] as const;
  const sines = Float32Array.from({ length: 8192 }, (_, i) => Math.sin(i));
  const layer = toWireLayer(makeLayer(tf1, shape, 1));

  afterEach(async () => {
    expect(await tensorCount(engine)).toBe(0);
    expect(threadMemory()?.used ?? 0).toBe(0);
  });

  async function load(): Promise<number> {
    const data = new Float32Array(shape[0] * shape[1]);
    for (let i = 0; i < data.length; i++) data[i] = sines[i % sines.length] as number;
    return valueOf(await engine.load({ shape, dtype: 'float32', data }, never)).id;
  }

  function request(input: number, training: boolean): StepRequest {
    return { input, layer, flags: { training, trainable: true }, steps: 1 };
  }

  /** Lets the engine work for a moment, so that the next request meets it in the middle. */
  function soon(): Promise<void> {
    return new Promise(resolve => setImmediate(resolve));
  }

  it('of two steps on one input the first is cancelled, and the second is right', async () => {
    const input = await load();
    const first = engine.step(request(input, true), never);
    await soon();
    const second = valueOf(await engine.step(request(input, false), never));
    expect(problemOf(await first).code).toBe('cancelled');
    expect(second.trace.normalizedWith).toBe('moving');
    // Moving mean 0 and variance 1: the output is the input over sqrt(1.001).
    const [read] = valueOf(
      await engine.read({ tensor: second.output.id, start: 1, count: 1 }, never),
    );
    expect(read).toBeCloseTo(Math.sin(1) / Math.sqrt(1.001), 6);
    await engine.close(input, never);
  });

  it('of many steps sent at once the last is done, whatever the timing', async () => {
    const input = await load();
    const all = Array.from({ length: 8 }, (_, i) =>
      engine.step(request(input, i % 2 === 1), never),
    );
    const results = await Promise.all(all);
    const last = valueOf(results.at(-1) ?? expect.fail('nothing was sent'));
    expect(last.trace.normalizedWith).toBe('batch');
    for (const result of results.slice(0, -1)) expect(problemOf(result).code).toBe('cancelled');
    await engine.close(input, never);
  });

  it('steps on different inputs do not disturb each other', async () => {
    const inputs = [await load(), await load()];
    const results = await Promise.all(
      inputs.map(input => engine.step(request(input, true), never)),
    );
    const [a, b] = results.map(valueOf);
    expect(a?.trace).toEqual(b?.trace);
    for (const input of inputs) await engine.close(input, never);
  });

  it('a caller that gives up in the middle gets cancelled, and the next step is right', async () => {
    const input = await load();
    const controller = new AbortController();
    const given = engine.step(request(input, true), controller.signal);
    await soon();
    controller.abort();
    expect(problemOf(await given).code).toBe('cancelled');
    const after = valueOf(await engine.step(request(input, true), never));
    expect(after.trace.batch.n[0]).toBe(shape[0]);
    await engine.close(input, never);
  });

  it('many steps of many channels stop in the middle, too', async () => {
    const small = [4, 4096] as const;
    const data = new Float32Array(4 * 4096).map((_, i) => i % 17);
    const handle = valueOf(await engine.load({ shape: small, dtype: 'float32', data }, never));
    const controller = new AbortController();
    const wire = toWireLayer(makeLayer(pytorch, small, 1));
    const flags = { training: true, trainable: true };
    const long = { input: handle.id, layer: wire, flags, steps: 1_000_000 };
    const given = engine.step(long, controller.signal);
    await soon();
    controller.abort();
    expect(problemOf(await given).code).toBe('cancelled');
    await engine.close(handle.id, never);
  });

  it('an output is replaced by the next step, and kept by a step that is refused', async () => {
    const input = await load();
    const first = valueOf(await engine.step(request(input, true), never)).output;
    const refused = await engine.step({ ...request(input, true), steps: 0 }, never);
    expect(refused.ok).toBe(false);
    expect((await engine.read({ tensor: first.id, start: 0, count: 1 }, never)).ok).toBe(true);
    const second = valueOf(await engine.step(request(input, false), never)).output;
    const stale = await engine.read({ tensor: first.id, start: 0, count: 1 }, never);
    expect(problemOf(stale).code).toBe('superseded');
    expect((await engine.read({ tensor: second.id, start: 0, count: 1 }, never)).ok).toBe(true);
    await engine.close(second.id, never);
    expect((await engine.read({ tensor: second.id, start: 0, count: 1 }, never)).ok).toBe(false);
    await engine.close(input, never);
    expect(problemOf(await engine.step(request(input, true), never)).code).toBe('superseded');
  });

  it('closing an input ends the step on it', async () => {
    const input = await load();
    const given = engine.step(request(input, true), never);
    await soon();
    await engine.close(input, never);
    expect(problemOf(await given).code).toBe('cancelled');
  });

  it('a step that comes while its input is being closed finds it gone', async () => {
    const input = await load();
    const first = engine.step(request(input, true), never);
    await soon();
    const closing = engine.close(input, never);
    const second = await engine.step(request(input, false), never);
    expect(problemOf(second).code).toBe('superseded');
    expect(problemOf(await first).code).toBe('cancelled');
    await closing;
  });

  it('opening a long text that nobody waits for any more keeps nothing', async () => {
    const controller = new AbortController();
    const text = `[${'[1.5, 2.5],'.repeat(200_000)}[1, 2]]`;
    const opening = engine.open({ kind: 'text', text }, controller.signal);
    await soon();
    controller.abort();
    expect(problemOf(await opening).code).toBe('cancelled');
  });
}
