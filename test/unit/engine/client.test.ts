import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tf1 } from '../../../src/core/batchnorm/conventions/tf1';
import { gradients } from '../../../src/core/batchnorm/gradients';
import { step } from '../../../src/core/batchnorm/step';
import { fillUpstream } from '../../../src/core/batchnorm/upstream';
import { ok, type Problem } from '../../../src/core/problem';
import type { Tensor } from '../../../src/core/tensor/tensor';
import {
  createEngineClient,
  type EngineClient,
  type EngineClientOptions,
} from '../../../src/engine/client';
import { lostTensorCodes, type StepRequest } from '../../../src/protocol/engine';
import type { Progress } from '../../../src/protocol/engineFiles';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { buildEngine } from '../../property/workerClient';
import { makeLayer, problemOf, valueOf } from './support';

let folder = '';
let bundle = '';
const clients: EngineClient[] = [];

/** The engine as it is shipped: its own bundle, in a real worker thread. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
  bundle = path.join(folder, 'engine.js');
  await buildEngine(folder);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.dispose()));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Started {
  readonly client: EngineClient;
  readonly workers: Worker[];
  readonly log: string[];
  readonly crashes: Problem[];
}

function startClient(
  options: WorkerOptions = {},
  file = bundle,
  more: Partial<EngineClientOptions> = {},
): Started {
  const workers: Worker[] = [];
  const log: string[] = [];
  const crashes: Problem[] = [];
  const client = createEngineClient({
    start: () => {
      const worker = new Worker(file, { stdout: true, stderr: true, ...options });
      workers.push(worker);
      return worker;
    },
    log: text => log.push(text),
    ...more,
  });
  client.onCrash(problem => crashes.push(problem));
  clients.push(client);
  return { client, workers, log, crashes };
}

const shape = [500, 4] as const;
const layer = makeLayer(tf1, shape, 1);
const flags = { training: true, trainable: true };

function tensor(): Tensor {
  const data = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 3);
  return { shape, dtype: 'float32', data };
}

function stepOf(input: number): StepRequest {
  return { input, layer: toWireLayer(layer), flags, steps: 1 };
}

/** A tensor that takes the engine long enough to be met in the middle of a step. */
function largeTensor(): Tensor {
  return { shape: [1_000_000, 4], dtype: 'float32', data: new Float32Array(4_000_000).fill(1.5) };
}

describe('the engine in its worker', () => {
  it('starts on first use and answers as the reference does', async () => {
    const { client, workers } = startClient();
    expect(valueOf(await client.memory(null)).numTensors).toBe(0);
    expect(workers).toHaveLength(0);
    const input = valueOf(await client.load(tensor()));
    const stepped = valueOf(await client.step(stepOf(input.id)));
    const wanted = valueOf(step(layer, tensor(), flags));
    const request = { tensor: stepped.output.id, start: 0, count: 2000 };
    expect(valueOf(await client.read(request))).toEqual(wanted.output.data);
    expect(stepped.trace.output.histogram).toEqual(wanted.trace.output.histogram);
    expect(valueOf(await client.memory(null)).numTensors).toBe(2);
    await client.close(input.id);
    expect(valueOf(await client.memory(null)).numTensors).toBe(0);
    expect(workers).toHaveLength(1);
  });

  it('opens, checks and previews', async () => {
    const { client } = startClient();
    const source = { kind: 'text', text: '{"x": [[1, 2], [3, 4]], "gamma": [1, 2, 3]}' } as const;
    const checked = valueOf(await client.check(source));
    expect(checked.map(({ severity }) => severity)).toContain('error');
    expect(problemOf(await client.open(source))).toEqual(checked[0]);
    const opened = valueOf(await client.open({ kind: 'text', text: '[[1, 2], [3, 4]]' }));
    expect(opened.input.shape).toEqual([2, 2]);
    const preview = { input: tensor(), layer: toWireLayer(layer), flags };
    const { output } = valueOf(await client.preview(preview));
    expect(output).toEqual(valueOf(step(layer, tensor(), flags)).output.data);
  });

  it('reads tensor files, those that only the host can read too', async () => {
    const bytes = await readFile('test/fixtures/formats/safetensors/model.safetensors');
    const { client } = startClient({}, bundle, {
      readFile: ({ uri }) =>
        Promise.resolve(ok(new Uint8Array(bytes.subarray(uri === '' ? 1 : 0)))),
    });
    const local = {
      kind: 'file',
      path: 'test/fixtures/formats/safetensors/model.safetensors',
    } as const;
    const virtual = { kind: 'virtual', uri: 'm:/a', name: 'a.safetensors', revision: '1' } as const;
    for (const file of [local, virtual]) {
      const { entries, layers } = valueOf(await client.catalog({ file }));
      expect([entries.length, layers.length]).toEqual([28, 4]);
      const opened = valueOf(await client.openEntry({ file, entry: 'conv1.weight' }));
      expect(opened.input).toMatchObject({ shape: [8, 3, 3, 3], dtype: 'float32' });
      const read = valueOf(await client.read({ tensor: opened.input.id, start: 0, count: 216 }));
      expect(read.every(Number.isFinite)).toBe(true);
      await client.close(opened.input.id);
      const { statement } = valueOf(await client.readLayer({ file, layer: 'bn1' }));
      expect(statement.parameters.gamma).toHaveLength(8);
    }
    expect(valueOf(await client.memory(null)).numTensors).toBe(0);
  });

  it('tells how far a request is', async () => {
    const file = { kind: 'file', path: path.join(folder, 'large.npy') } as const;
    const shape = '(50000000,)';
    const header =
      `{'descr': '<f2', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n';
    const start = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]);
    await writeFile(file.path, Buffer.concat([start, Buffer.from(header, 'latin1')]));
    await truncate(file.path, 128 + 100_000_000);
    const { client } = startClient();
    const told: Progress[] = [];
    const watch = client.watchProgress(progress => told.push(progress));
    const { progress } = watch;
    const opened = valueOf(await client.openEntry({ file, entry: 'input', progress }));
    watch.stop();
    expect(opened.input.shape).toEqual([50_000_000]);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every(({ total }) => total === 100_000_000)).toBe(true);
    const done = told.map(one => one.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it('differentiates, with no more of tfjs than is bundled', async () => {
    const { client } = startClient();
    const input = valueOf(await client.load(tensor()));
    const found = valueOf(
      await client.gradients({
        input: input.id,
        layer: toWireLayer(layer),
        flags,
        upstream: { kind: 'random', seed: 1 },
        elements: { start: 0, count: 2000 },
      }),
    );
    const dy = new Float32Array(2000);
    fillUpstream({ kind: 'random', seed: 1 }, 0, dy);
    const wanted = valueOf(gradients(layer, tensor(), dy, flags));
    found.gamma.forEach((value, c) => expect(value).toBeCloseTo(wanted.gamma[c] as number, 9));
    found.elements.forEach((value, i) => expect(value).toBeCloseTo(wanted.x[i] as number, 6));
    expect(valueOf(await client.memory(null)).numTensors).toBe(1);
    const lost = await client.gradients({
      input: 1,
      layer: toWireLayer(layer),
      flags,
      upstream: { kind: 'ones' },
      elements: { start: 0, count: 0 },
    });
    expect(problemOf(lost).code).toBe('engine-restarted');
  });

  it('takes moved buffers over', async () => {
    const { client } = startClient();
    const mine = new Float32Array(2000).fill(2);
    const input = { shape, dtype: 'float32', data: mine } as const;
    valueOf(await client.load(input, { transfer: [mine.buffer] }));
    expect(mine.byteLength).toBe(0);
  });

  it('a caller that gives up is told so at once, and leaves no tensor behind', async () => {
    const { client } = startClient();
    const input = valueOf(await client.load(largeTensor()));
    const request = {
      ...stepOf(input.id),
      layer: toWireLayer(makeLayer(tf1, [1_000_000, 4], 1)),
    };
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const [stepping, loading, opening] = controllers.map(({ signal }) => ({ signal }));
    const calls = [
      client.step(request, stepping),
      client.load(tensor(), loading),
      client.open({ kind: 'text', text: '[[1, 2], [3, 4]]' }, opening),
    ];
    for (const controller of controllers) controller.abort();
    for (const result of await Promise.all(calls)) expect(problemOf(result).code).toBe('cancelled');
    await client.close(input.id);
    // Whatever the engine had already answered is given back.
    await expect
      .poll(async () => valueOf(await client.memory(null)).numTensors, { timeout: 10_000 })
      .toBe(0);
  });

  it('a copy that nobody waits for any more is not kept', async () => {
    const { client } = startClient();
    const input = valueOf(await client.load(tensor()));
    const controller = new AbortController();
    const copying = client.copy(input.id, { signal: controller.signal });
    // Too late to stop it: what follows is asked once it is made.
    const asked = client.memory(null);
    controller.abort();
    expect(problemOf(await copying).code).toBe('cancelled');
    expect(valueOf(await asked).numTensors).toBe(2);
    expect(valueOf(await client.memory(null)).numTensors).toBe(1);
  });

  it('a cancellation arrives while the engine computes', async () => {
    const { client } = startClient();
    const wide: Tensor = { shape: [2, 4096], dtype: 'float32', data: new Float32Array(8192) };
    const input = valueOf(await client.load(wide));
    const wire = toWireLayer(makeLayer(tf1, [2, 4096], 1));
    const controller = new AbortController();
    // Minutes of work, if nobody stopped it.
    const long = { input: input.id, layer: wire, flags, steps: 1_000_000 };
    const call = client.step(long, { signal: controller.signal });
    valueOf(await client.memory(null));
    controller.abort();
    expect(problemOf(await call).code).toBe('cancelled');
    const next = valueOf(await client.step({ ...long, steps: 1 }));
    expect(next.trace.steps).toBe(1);
  });

  it('keeps no process alive when it is idle', async () => {
    const program = path.join(folder, 'idle.cjs');
    await build({
      entryPoints: ['src/engine/client.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      footer: {
        js: `const { Worker } = require('node:worker_threads');
          module.exports.createEngineClient({
            start: () => new Worker(${JSON.stringify(bundle)}),
            log: console.error,
          }).check({ kind: 'text', text: '[[1, 2]]' }).then(result => console.log(result.ok));`,
      },
    });
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
    expect(stdout.trim()).toBe('true');
  });
});

describe('a worker that dies', () => {
  it('answers what was under way, says so, and comes back on the next request', async () => {
    const { client, workers, crashes } = startClient();
    const input = valueOf(await client.load(largeTensor()));
    const wire = toWireLayer(makeLayer(tf1, [1_000_000, 4], 1));
    const calls = [
      client.step({ ...stepOf(input.id), layer: wire, steps: 1_000_000 }),
      client.read({ tensor: input.id, start: 0, count: 10 }),
    ];
    await workers[0]?.terminate();
    const [stepped] = await Promise.all(calls);
    expect(problemOf(stepped ?? expect.fail('no answer')).code).toBe('engine-crashed');
    expect(crashes).toHaveLength(1);
    expect(crashes[0]?.message).toContain('Nothing that you set is lost');

    const lost = problemOf(await client.step(stepOf(input.id)));
    expect(lost.code).toBe('engine-restarted');
    expect(lostTensorCodes.has(lost.code)).toBe(true);
    expect(lostTensorCodes.has('engine-crashed')).toBe(true);
    const read = await client.read({ tensor: input.id, start: 0, count: 1 });
    expect(problemOf(read).code).toBe('engine-restarted');
    expect(await client.close(input.id)).toEqual({ ok: true, value: null });

    const again = valueOf(await client.load(tensor()));
    expect(again.id).not.toBe(input.id);
    valueOf(await client.step(stepOf(again.id)));
    expect(workers).toHaveLength(2);
    expect(crashes).toHaveLength(1);
  });

  it('out of memory says so, and the next one works', async () => {
    const { client, crashes } = startClient({ resourceLimits: { maxOldGenerationSizeMb: 32 } });
    // Numbers lie outside V8's heap; keys do not.
    const keys = Array.from({ length: 400_000 }, (_, i) => `"k${i}":1`);
    const text = `{${keys.join(',')},"x":[[1,2]]}`;
    const opened = problemOf(await client.open({ kind: 'text', text }));
    expect(opened.code).toBe('engine-crashed');
    expect(opened.message).toContain('ran out of memory');
    expect(crashes).toHaveLength(1);
    valueOf(await client.load(tensor()));
  });

  it('at its start is a crash like any other', async () => {
    const broken = path.join(folder, 'broken.js');
    await writeFile(broken, 'throw new Error("no engine here")');
    const { client, crashes, log } = startClient({}, broken);
    const problem = problemOf(await client.load(tensor()));
    expect(problem.code).toBe('engine-crashed');
    expect(problem.message).toContain('no engine here');
    expect(problem.message).not.toContain('broken.js');
    expect(log.join()).toContain('broken.js');
    expect(crashes).toHaveLength(1);
  });

  it('and cannot be started at all is a problem, not an exception', async () => {
    const client = createEngineClient({
      start: () => {
        throw new Error('no threads');
      },
      log: () => undefined,
    });
    expect(problemOf(await client.load(tensor())).code).toBe('engine-not-started');
  });
});

describe('a worker of which nothing is asked', () => {
  function startIdle(idleAfter: number): Started & { readonly ended: () => Promise<void> } {
    const started = startClient({}, bundle, { idleAfter });
    const ended = async (): Promise<void> => {
      const worker = started.workers.at(-1);
      // A worker that has ended has no thread any more.
      if (worker !== undefined && worker.threadId !== -1) await once(worker, 'exit');
    };
    return { ...started, ended };
  }

  it('ends, which is no crash, and comes back on the next request', async () => {
    const { client, workers, crashes, log, ended } = startIdle(50);
    const input = valueOf(await client.load(tensor()));
    await ended();
    expect(valueOf(await client.memory(null)).numTensors).toBe(0);
    expect(await client.close(input.id)).toEqual({ ok: true, value: null });
    expect(workers).toHaveLength(1);
    const lost = problemOf(await client.step(stepOf(input.id)));
    expect(lostTensorCodes.has(lost.code)).toBe(true);
    const again = valueOf(await client.load(tensor()));
    valueOf(await client.step(stepOf(again.id)));
    expect(workers).toHaveLength(2);
    expect(crashes).toEqual([]);
    expect(log).toEqual([]);
  });

  it('is not one that works, or that is asked again in time', async () => {
    const { client, workers } = startIdle(300);
    const input = valueOf(await client.load(tensor()));
    const steps = (): Promise<unknown> => client.step({ ...stepOf(input.id), steps: 40_000 });
    const since = performance.now();
    while (performance.now() - since < 900) await steps();
    for (let i = 0; i < 4; i++) {
      await new Promise(resolve => setTimeout(resolve, 100));
      valueOf(await client.memory(null));
    }
    expect((await client.read({ tensor: input.id, start: 0, count: 1 })).ok).toBe(true);
    expect(workers).toHaveLength(1);
  });

  it('gives the memory of its tensors back, and the state goes on in the next one', async () => {
    const { client, workers, ended } = startIdle(200);
    // What code and compiled kernels take stays.
    const small = valueOf(await client.load(tensor()));
    valueOf(await client.step(stepOf(small.id)));
    await ended();
    const data = new Float32Array(24_000_000).fill(1.5);
    const large = { shape: [6_000_000, 4], dtype: 'float32', data } as const;
    const before = process.memoryUsage.rss();
    const input = valueOf(await client.load(large));
    const first = valueOf(await client.step(stepOf(input.id)));
    expect(process.memoryUsage.rss() - before).toBeGreaterThan(150e6);
    await ended();
    expect(process.memoryUsage.rss() - before).toBeLessThan(50e6);
    // The host has its layer and its source still, and sends both again.
    const again = valueOf(await client.load(large));
    const second = valueOf(await client.step(stepOf(again.id)));
    expect(second.trace).toEqual(first.trace);
    expect(workers).toHaveLength(3);
  });
});

describe('disposing', () => {
  it('answers what is under way and what comes later, and is no crash', async () => {
    const { client, workers, crashes } = startClient();
    const input = valueOf(await client.load(tensor()));
    const call = client.step({ ...stepOf(input.id), steps: 1_000_000 });
    await client.dispose();
    expect(problemOf(await call).code).toBe('engine-stopped');
    expect(problemOf(await client.load(tensor())).code).toBe('engine-stopped');
    expect(workers).toHaveLength(1);
    expect(crashes).toHaveLength(0);
  });
});
