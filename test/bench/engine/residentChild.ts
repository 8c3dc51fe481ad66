// Opens and closes a tensor of 200 MB ten times in a process of its own, and says what stayed resident:
// bytes over what it was at the start, after each time, and after the idle engine has ended.
import { once } from 'node:events';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createEngineClient } from '../../../src/engine/client';
import { freshLayer, value } from '../freshLayer';

const [engineBundle, file] = process.argv.slice(2) as [string, string];

const shape = [64, 112, 112, 64];

/** A NumPy array, as its users save them. */
function writeArray(): void {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = Buffer.from(text.padEnd(117) + '\n', 'latin1');
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]));
  writeSync(descriptor, header);
  const image = new Float32Array(112 * 112 * 64).map((_, i) => Math.sin(i));
  for (let i = 0; i < 64; i++) writeSync(descriptor, new Uint8Array(image.buffer));
  closeSync(descriptor);
}

async function main(): Promise<void> {
  writeArray();
  let worker: Worker | undefined;
  const engine = createEngineClient({
    start: () => (worker = new Worker(engineBundle)),
    log: line => console.error(line),
    idleAfter: 1500,
  });
  const resident = (): number => {
    globalThis.gc?.();
    return process.memoryUsage.rss();
  };
  const start = resident();
  const after: number[] = [];
  let open = 0;
  for (let time = 0; time < 10; time++) {
    const request = { file: { kind: 'file', path: file } } as const;
    const [entry] = value(await engine.catalog(request)).entries;
    if (entry === undefined) throw new Error(`${file} holds no array`);
    const { input } = value(await engine.openEntry({ ...request, entry: entry.name }));
    const flags = { training: true, trainable: true };
    value(await engine.step({ input: input.id, layer: freshLayer(64), flags, steps: 1 }));
    open = Math.max(open, resident() - start);
    value(await engine.close(input.id));
    after.push(resident() - start);
  }
  // Neither an idle engine nor the clock that ends it keeps a process alive.
  const alive = setInterval(() => undefined, 1000);
  if (worker) await once(worker, 'exit');
  clearInterval(alive);
  const idle = resident() - start;
  rmSync(file);
  console.log(JSON.stringify({ open, after, idle }));
}

void main();
