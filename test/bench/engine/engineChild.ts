// The engine, answering lines: see lineChild.ts. On one thread, or with as many more as its second argument says, of
// the helper's bundle that the first one names.
import { Worker } from 'node:worker_threads';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import { freshParameters, type BatchNormLayer } from '../../../src/core/batchnorm/layer';
import type { Result } from '../../../src/core/problem';
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
