import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { createEngineClient, type EngineClient } from '../../../../src/engine/client';
import type { Stepped } from '../../../../src/protocol/engine';
import { toWireLayer } from '../../../../src/protocol/wireLayer';
import { buildEngine } from '../../../property/workerClient';
import { makeLayer, valueOf } from '../support';

// The engine as it is shipped, in its worker, with helpers that it starts itself.
const threads = '/proc/self/task';
const onSeveral = it.skipIf(availableParallelism() < 2);
const seen = it.skipIf(availableParallelism() < 2 || !existsSync(threads));

let folder = '';
let client: EngineClient | undefined;
let workers: Worker[] = [];
const log: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
  await buildEngine(folder);
});
afterEach(async () => {
  await client?.dispose();
  workers = [];
  log.length = 0;
});
afterAll(() => rm(folder, { recursive: true }));

function open(idleAfter = 60_000): EngineClient {
  client = createEngineClient({
    start: () => {
      const worker = new Worker(path.join(folder, 'engine.js'));
      workers.push(worker);
      return worker;
    },
    log: text => log.push(text),
    idleAfter,
  });
  return client;
}

const shape = [30_000, 64];
const layer = toWireLayer(makeLayer(tf1, shape, 1));

async function stepOnce(engine: EngineClient): Promise<Stepped> {
  const data = Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => Math.sin(i));
  const { id } = valueOf(await engine.load({ shape, dtype: 'float32', data }));
  const flags = { training: true, trainable: true };
  const stepped = valueOf(await engine.step({ input: id, layer, flags, steps: 1 }));
  await engine.close(id);
  expect(valueOf(await engine.memory(null)).numTensors).toBe(0);
  return stepped;
}

async function threadCount(): Promise<number> {
  return (await readdir(threads)).length;
}

seen('helpers start with the first large tensor, and end with the idle engine', async () => {
  const engine = open(300);
  const ended = (count: number): Promise<void> =>
    expect.poll(threadCount, { timeout: 20_000 }).toBeLessThanOrEqual(count);
  // What a process starts once is there after the first.
  await stepOnce(engine);
  await expect.poll(() => workers[0]?.threadId, { timeout: 20_000 }).toBe(-1);
  const before = await threadCount();
  await stepOnce(engine);
  await expect.poll(threadCount).toBe(before + Math.min(availableParallelism(), 4));
  await ended(before);
  await stepOnce(engine);
  await expect.poll(threadCount).toBe(before + Math.min(availableParallelism(), 4));
  // So they do when it is terminated, as a crash does it.
  await workers.at(-1)?.terminate();
  await ended(before);
  expect(log).toEqual([]);
});

onSeveral('without the file of the helpers it works alone, and says so', async () => {
  const first = await stepOnce(open());
  await client?.dispose();
  await rm(path.join(folder, 'helper.js'));
  const engine = open();
  for (let i = 0; i < 3; i++) expect((await stepOnce(engine)).trace).toEqual(first.trace);
  await expect.poll(() => log.length).toBeGreaterThan(0);
  expect(log[0]).toContain('a helper thread failed');
});
