import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { createEngineClient, type EngineClient } from '../../src/engine/client';
import { root } from '../hosts/places.mjs';
import { runFileText } from './documents';
import { freshLayer, value } from './freshLayer';
import type { Measurements } from './measure';

const toggles = 15;
const inputs = [
  { name: '1e3 elements', shape: [1, 4, 4, 64] },
  { name: '1e6 elements', shape: [16, 32, 32, 64] },
] as const;

/** One round in a worker of its own: the first answer, opening a run file, and the engine's part of a toggle. */
export async function measureEngine(measured: Measurements): Promise<void> {
  const engine = createEngineClient({
    start: () => new Worker(join(root, 'dist/engine.js')),
    log: line => console.error(line),
  });
  try {
    const start = performance.now();
    value(await engine.check({ kind: 'text', text: '[[1, 2], [3, 4]]' }));
    measured.add('engine: start of the worker to its first answer', performance.now() - start);
    for (const input of inputs) await measureInput(engine, measured, input);
  } finally {
    await engine.dispose();
  }
}

async function measureInput(
  engine: EngineClient,
  measured: Measurements,
  { name, shape }: (typeof inputs)[number],
): Promise<void> {
  const text = runFileText(shape);
  const start = performance.now();
  const opened = value(await engine.open({ kind: 'text', text }));
  measured.add(`engine: open a run file, ${name}`, performance.now() - start);
  const layer = freshLayer(shape[3]);
  for (let i = 0; i < toggles; i++) {
    const flags = { training: i % 2 === 0, trainable: true };
    const before = performance.now();
    value(await engine.step({ input: opened.input.id, layer, flags, steps: 1 }));
    // The first finds the code not yet compiled, and takes the statistics that the others reuse.
    measured.add(
      `engine: ${i === 0 ? 'first step' : 'toggle'}, ${name}`,
      performance.now() - before,
    );
  }
  value(await engine.close(opened.input.id));
}
