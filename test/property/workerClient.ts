import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { engineParts } from '../../scripts/engineParts.js';
import { createEngineClient, type EngineClient } from '../../src/engine/client';

/** Builds the engine as it is shipped: engine.js, and helper.js beside it. */
export async function buildEngine(outdir: string): Promise<void> {
  await build({
    ...engineParts,
    entryPoints: { engine: 'src/engine/worker.ts', helper: 'src/engine/threads/helper.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
}

/** The engine as it is shipped: its own bundle in a worker thread, behind its client. */
export interface WorkerClient {
  readonly client: EngineClient;
  /** Ends the worker as a crash does; the next request starts another. */
  kill(): Promise<void>;
  /** Lines that the client wrote to the log. */
  readonly log: readonly string[];
  dispose(): Promise<void>;
}

export async function startWorkerClient(): Promise<WorkerClient> {
  const folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
  const bundle = path.join(folder, 'engine.js');
  await buildEngine(folder);
  let running: Worker | undefined;
  const log: string[] = [];
  const client = createEngineClient({
    start: () => (running = new Worker(bundle, { stdout: true, stderr: true })),
    log: text => log.push(text),
  });
  return {
    client,
    log,
    kill: async () => {
      await running?.terminate();
    },
    dispose: async () => {
      await client.dispose();
      await rm(folder, { recursive: true });
    },
  };
}
