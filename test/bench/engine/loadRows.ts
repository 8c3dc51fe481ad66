import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createEngineClient } from '../../../src/engine/client';
import { out, root } from '../../hosts/places.mjs';
import { freshLayer, value } from '../freshLayer';
import { quantile } from '../measure';
import { atMost, type Table } from './rows';

const bundle = join(root, 'dist/engine.js');
const extension = join(root, 'dist/extension.js');
const folder = join(out, 'bench');

/** The engine's first load, beside that of tfjs as it comes. */
export async function measureLoad(rounds: number): Promise<Table> {
  const starts: number[] = [];
  const tensors: number[] = [];
  const steps: number[] = [];
  const stocks: number[] = [];
  const activations: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { started, tensor, step } = await firstLoad();
    starts.push(started);
    tensors.push(tensor);
    steps.push(step);
    stocks.push(child('stockLoad.js'));
    activations.push(child('activationChild.js', extension));
  }
  const kilobytes = (file: string): number => statSync(file).size / 1000;
  const median = (values: readonly number[]): number => quantile(values, 0.5);
  return {
    rows: [
      {
        work: 'activation: our own code, without the engine',
        against: '',
        asked: atMost(20),
        reached: median(activations),
        unit: 'ms',
      },
      {
        work: 'the engine, bundled and minified',
        against: `@tensorflow/tfjs: ${kilobytes(join(folder, 'stockLoad.js')).toFixed(0)} kB`,
        reached: kilobytes(bundle),
        unit: 'kB',
      },
      {
        work: 'start of its worker to the first answer',
        against: '',
        reached: median(starts),
        unit: 'ms',
      },
      {
        work: 'the first tensor: tfjs and the kernels load',
        against: `@tensorflow/tfjs: ${median(stocks).toFixed(0)} ms`,
        reached: median(tensors),
        unit: 'ms',
      },
      {
        work: 'the first step',
        against: '',
        reached: median(steps),
        unit: 'ms',
      },
    ],
    notes: [
      "Activation: the processor's time for loading dist/extension.js and running activate, with an API of VS Code that answers at once. VS Code's own figure is by the clock, in a window that is starting up.",
    ],
  };
}

async function firstLoad(): Promise<Record<'started' | 'tensor' | 'step', number>> {
  const engine = createEngineClient({
    start: () => new Worker(bundle),
    log: line => console.error(line),
  });
  try {
    const start = performance.now();
    value(await engine.check({ kind: 'text', text: '[[1, 2], [3, 4]]' }));
    const checked = performance.now();
    const data = Float32Array.of(1, 2, 3, 4);
    const input = value(await engine.load({ shape: [2, 2], dtype: 'float32', data }));
    const loaded = performance.now();
    const layer = { ...freshLayer(2), channelAxis: 1 };
    const flags = { training: true, trainable: true };
    value(await engine.step({ input: input.id, layer, flags, steps: 1 }));
    const stepped = performance.now();
    return { started: checked - start, tensor: loaded - checked, step: stepped - loaded };
  } finally {
    await engine.dispose();
  }
}

/** A process of its own, so that nothing is loaded yet. @returns the figure that it prints */
function child(script: string, ...args: readonly string[]): number {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, script), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return Number(stdout);
}
