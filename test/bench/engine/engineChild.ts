// The engine, answering lines: see lineChild.ts. On one thread, or with as many more as its second argument says, of
// the helper's bundle that the first one names.
import { Worker } from 'node:worker_threads';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { freshParameters, type BatchNormLayer } from '../../../src/core/batchnorm/layer';
import type { Result } from '../../../src/core/problem';
import { cellGrid } from '../../../src/core/tensor/cellGrid';
import { channelLayout } from '../../../src/core/tensor/shape';
import { defaultSlice } from '../../../src/core/tensor/sliceView';
import { measureSpread, readCells } from '../../../src/engine/cells';
import { Histograms } from '../../../src/engine/histograms';
import { detailsOf, statisticsOf } from '../../../src/engine/measureInput';
import { runForward } from '../../../src/engine/forward';
import { kernelsOver } from '../../../src/engine/kernels/webAssembly';
import { LiveTensors, type LiveInput } from '../../../src/engine/liveTensors';
import { threadMemory, type EngineMemory } from '../../../src/engine/memory/engineMemory';
import { emptyTensor, startTensorflow, valuesOf } from '../../../src/engine/tensorflow';
import { allowHelpers, sharedFrom, teamFor } from '../../../src/engine/threads/threadTeam';
import { seededRandom } from '../measure';
import { answerLines } from './answerLines';
import { elementsOf } from './cases';

interface Prepared {
  readonly input: LiveInput;
  readonly layer: BatchNormLayer;
}

const tensors = new LiveTensors();
const prepared = new Map<string, Prepared>();
const { signal } = new AbortController();

const commands: Readonly<Record<string, (...words: readonly (string | undefined)[]) => unknown>> = {
  prepare: (key, shape, axis) => prepare(key as string, shapeOf(shape), Number(axis)),
  forget: key => forget(key as string),
  forward: (key, mode, runs) => forward(key as string, mode === 'training', Number(runs ?? 1)),
  small: (key, calls) => small(key as string, Number(calls)),
  moments: key => statistics(key as string, false),
  statistics: key => statistics(key as string, true),
  bins: (key, scope) => bins(key as string, scope === 'whole'),
  slice: key => slice(key as string),
  copy: bytes => memoryPass(Number(bytes), false),
  read: bytes => memoryPass(Number(bytes), true),
};

function shapeOf(text = ''): number[] {
  return text.split(',').map(Number);
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

/** Keeps a tensor of normal numbers. */
function prepare(key: string, shape: number[], axis: number): number {
  const tensor = valueOf(emptyTensor(shape));
  const values = valuesOf(tensor);
  const random = seededRandom(5);
  for (let i = 0; i < elementsOf(shape); i++) {
    values[i] = random() + random() + random() + random() - 2;
  }
  const layer: BatchNormLayer = {
    ...freshParameters(shape[axis] as number),
    convention: pytorch,
    epsilon: 1e-5,
    momentum: 0.1,
    channelAxis: axis,
    batchesTracked: 0,
    precision: 'float32',
  };
  prepared.set(key, { input: tensors.add(tensor, shape, 'float32'), layer });
  return 0;
}

function forget(key: string): number {
  prepared.get(key)?.input.dispose();
  prepared.delete(key);
  return 0;
}

/**
 * What a framework's batch norm does: in training the batch's moments, the output and the moving
 * statistics; in inference the output. The first run makes caches and pages warm.
 * @returns milliseconds of the last of the runs after it, on average
 */
async function forward(key: string, training: boolean, runs: number): Promise<number> {
  const one = preparedAs(key);
  await forwardOnce(one, training);
  const start = performance.now();
  for (let run = 0; run < runs; run++) await forwardOnce(one, training);
  return (performance.now() - start) / runs;
}

/** Training steps, each with its output read back as tfjs reads it: `dataSync` gives the array itself. @returns milliseconds of a step, on average */
async function small(key: string, calls: number): Promise<number> {
  const one = preparedAs(key);
  let sum = 0;
  const start = performance.now();
  for (let call = 0; call < calls; call++) {
    await forwardOnce(one, true);
    const output = one.input.output;
    if (output) sum += valuesOf(output.tensor)[0] as number;
  }
  const took = (performance.now() - start) / calls;
  if (Number.isNaN(sum)) throw new Error('the engine computed no number');
  return took;
}

function preparedAs(key: string): Prepared {
  const one = prepared.get(key);
  if (one === undefined) throw new Error(`${key} was not prepared`);
  return one;
}

async function forwardOnce(one: Prepared, training: boolean): Promise<void> {
  const { input, layer } = one;
  if (training) input.known.clear();
  const flags = { training, trainable: true };
  const done = valueOf(await runForward(input, { layer, flags, steps: 1, signal }));
  tensors.setOutput(input, done.output);
}

/** The pass for moments, or all that a trace says of an input: extremes and the small histograms too. @returns milliseconds */
async function statistics(key: string, all: boolean): Promise<number> {
  const { input, layer } = preparedAs(key);
  input.known.clear();
  const { channelAxis } = layer;
  const layout = channelLayout(input.handle.shape, channelAxis);
  const start = performance.now();
  const known = valueOf(await statisticsOf(input, input.tensor, layout, channelAxis, signal));
  if (all) valueOf(await detailsOf(input.tensor, layout, known, signal));
  return performance.now() - start;
}

/** A histogram of every channel, or of all as one. @returns milliseconds */
async function bins(key: string, whole: boolean): Promise<number> {
  const { input, layer } = preparedAs(key);
  const channels = whole ? 1 : layer.gamma.length;
  const range = {
    bins: 64,
    low: new Float64Array(channels).fill(-2),
    high: new Float64Array(channels).fill(2),
  };
  const request = {
    tensor: input.handle.id,
    axis: whole ? null : layer.channelAxis,
    range,
    channel: 0,
  };
  const start = performance.now();
  valueOf(await new Histograms().of(input.handle, input.tensor, request, signal));
  return performance.now() - start;
}

let slicesRead = 0;

/** Another image of the tensor each time, and what its values are like. @returns milliseconds */
async function slice(key: string): Promise<number> {
  const { input } = preparedAs(key);
  const { shape } = input.handle;
  const view = defaultSlice(shape, 3, [slicesRead++ % (shape[0] as number), 0, 0, 5]);
  const grid = cellGrid(view, shape);
  const source = { data: valuesOf(input.tensor) };
  const block = 1;
  const window = { ...grid, rows: { ...grid.rows, block }, columns: { ...grid.columns, block } };
  const start = performance.now();
  const of = { tensor: input.handle.id };
  valueOf(await readCells(source, { of, window, reduction: 'pick' }, signal));
  valueOf(await measureSpread(source, grid, signal));
  return performance.now() - start;
}

/** What the memory itself allows, where there is no C compiler to ask. */
function memoryPass(bytes: number, reading: boolean): number {
  const memory = threadMemory() as EngineMemory;
  const kernels = kernelsOver(memory);
  const [x, y] = [valueOf(memory.allocate(bytes)), valueOf(memory.allocate(bytes))];
  let took = 0;
  for (let run = 0; run < 2; run++) {
    const start = performance.now();
    if (reading) kernels.readBytes(x.address, bytes);
    kernels.copyBytes(x.address, y.address, bytes);
    took = performance.now() - start;
  }
  memory.free(x);
  memory.free(y);
  return took;
}

/** Starts the helpers, and waits for them, which the engine never does. */
async function startHelpers(file: string, helpers: number): Promise<void> {
  allowHelpers({
    start: workerData => new Worker(file, { workerData, execArgv: [] }),
    helpers,
    log: line => console.error(line),
  });
  while (teamFor(sharedFrom)?.ready !== helpers) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

async function main(): Promise<void> {
  await startTensorflow();
  const [file, helpers] = process.argv.slice(2);
  if (file !== undefined) await startHelpers(file, Number(helpers));
  await answerLines(([command = '', ...words]) => commands[command]?.(...words));
}

void main();
