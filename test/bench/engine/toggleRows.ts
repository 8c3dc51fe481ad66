import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { createEngineClient, type EngineClient } from '../../../src/engine/client';
import { root } from '../../hosts/places.mjs';
import { freshLayer, value } from '../freshLayer';
import { quantile, seededRandom } from '../measure';
import { elementsOf } from './cases';
import { atMost, type Table } from './rows';

const shape = [32, 56, 56, 64];
const toggles = 6;

interface Toggled {
  readonly first: number;
  readonly toggle: number;
  /** Bytes that the process grew by over all toggles. */
  readonly grown: number;
}

/** Toggling `training` on a tensor of 25 MB, from the request to its trace in the host. */
export async function measureToggle(rounds: number): Promise<Table> {
  const engine = createEngineClient({
    start: () => new Worker(join(root, 'dist/engine.js')),
    log: line => console.error(line),
  });
  const measured: Toggled[] = [];
  try {
    // The first finds code that is not compiled yet.
    await measureOnce(engine);
    for (let round = 0; round < rounds; round++) measured.push(await measureOnce(engine));
  } finally {
    await engine.dispose();
  }
  const median = (of: (one: Toggled) => number): number => quantile(measured.map(of), 0.5);
  return {
    rows: [
      {
        work: 'toggling a flag on 25 MB, request to trace',
        against: 'the first step on it',
        asked: atMost(0.7),
        reached: median(one => one.toggle / one.first),
        ours: median(one => one.toggle),
        theirs: median(one => one.first),
      },
      {
        work: `memory that ${toggles} toggles take`,
        against: 'a tensor of 25.7 MB',
        asked: atMost(5),
        reached: median(one => one.grown / 1e6),
        unit: 'MB',
      },
    ],
    notes: [
      'Toggling: through the client and its worker, with the whole trace (statistics, histograms, summaries of the output).',
    ],
  };
}

async function measureOnce(engine: EngineClient): Promise<Toggled> {
  const random = seededRandom(3);
  const data = Float32Array.from({ length: elementsOf(shape) }, () => random() + random() - 1);
  const input = value(await engine.load({ shape, dtype: 'float32', data }));
  const layer = freshLayer(64);
  const step = async (training: boolean): Promise<number> => {
    const start = performance.now();
    const flags = { training, trainable: true };
    value(await engine.step({ input: input.id, layer, flags, steps: 1 }));
    return performance.now() - start;
  };
  const first = await step(true);
  const before = process.memoryUsage.rss();
  const took: number[] = [];
  for (let i = 0; i < toggles; i++) took.push(await step(i % 2 === 1));
  const grown = process.memoryUsage.rss() - before;
  value(await engine.close(input.id));
  return { first, toggle: quantile(took, 0.5), grown };
}
