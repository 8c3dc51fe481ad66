import { afterAll, beforeAll, expect, it } from 'vitest';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { tf1 } from '../../src/core/batchnorm/conventions/tf1';
import { flagCombinations } from '../../src/core/batchnorm/flags';
import {
  commitSteps,
  followSource,
  openInspection,
  type Inspection,
} from '../../src/core/batchnorm/inspection';
import { channelCount, parameterNames } from '../../src/core/batchnorm/layer';
import { toWeights } from '../../src/core/batchnorm/mask';
import { step, type Step } from '../../src/core/batchnorm/step';
import { ok, type Result } from '../../src/core/problem';
import type { RunFile } from '../../src/core/text/runFile';
import { parseRunFile } from '../../src/core/text/parseRunFile';
import { sizeOf } from '../../src/core/tensor/shape';
import {
  applyEdit,
  type EditAction,
  type InspectionAction,
} from '../../src/host/inspection/actions';
import { InspectionSession } from '../../src/host/inspection/session';
import { TextSource } from '../unit/host/inspection/openSession';
import { printedSeed, Random } from './random';
import { startWorkerClient, type WorkerClient } from './workerClient';

/** A run file whose layer stays while its numbers change. */
interface Subject {
  readonly shape: readonly number[];
  /** All keys but the input, as JSON text. */
  readonly keys: string;
}

let engine: WorkerClient;

beforeAll(async () => {
  engine = await startWorkerClient();
});

afterAll(async () => {
  await engine.dispose();
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.code}: ${result.problem.message}`);
  return result.value;
}

/** Lets the worker get on for a while, or for no time at all. */
function aWhile(random: Random): Promise<void> {
  const milliseconds = random.pick([0, 0, 0, 1, 3, 8]);
  return new Promise(resolve => {
    if (milliseconds === 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}

function randomSubject(random: Random): Subject {
  const shape = random.pick([
    [4, 2],
    [12, 5],
    [2, 3, 4],
    [4, 3, 3, 2],
    // Large enough for the compiled kernels, and to be met in the middle of.
    [64, 9, 9, 6],
  ]);
  const axis = random.integer(1, shape.length - 1);
  const positions = sizeOf(shape.slice(0, -1));
  const mask = Array.from({ length: positions }, (_, i) => (i < 2 || random.boolean() ? 1 : 0));
  const option = random.pick<() => string>([
    () => '',
    () => '',
    () => `, "convention": "keras3", "mask": [${mask.join()}]`,
    () => ', "convention": "keras3", "renorm": true',
    () => ', "convention": "tf1", "virtual_batch_size": 2',
  ])();
  const named = option === '' ? `, "convention": "${random.pick(conventions).id}"` : option;
  return { shape, keys: `"axis": ${axis}, "epsilon": 0.01, "momentum": 0.7${named}` };
}

function textOf({ shape, keys }: Subject, random: Random): string {
  const data = Array.from({ length: sizeOf(shape) }, () =>
    Math.fround(1 + 2 * random.normal()).toPrecision(9),
  );
  return `{"x": [${data.join()}], "shape": [${shape.join()}], ${keys}}`;
}

function parsed(text: string): RunFile {
  const file = parseRunFile(text);
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  return file.value;
}

/** What the user should see, by the float64 reference and the pure transitions alone. */
class Model {
  inspection: Inspection;
  private file: RunFile;

  constructor(text: string) {
    this.file = parsed(text);
    const { statement, input } = this.file;
    this.inspection = valueOf(openInspection(statement, input.shape, tf1));
  }

  edit(action: EditAction): Result<null> {
    const next = applyEdit(this.inspection, action);
    if (next.ok) this.inspection = next.value;
    return next.ok ? ok(null) : next;
  }

  commit(count: number): void {
    this.inspection = commitSteps(this.inspection, this.reference(count).layer, count);
  }

  follow(text: string): void {
    this.file = parsed(text);
    const { statement, input } = this.file;
    const followed = valueOf(followSource(this.inspection, statement, input.shape, tf1));
    expect(followed.restarted).toBe(false);
    this.inspection = followed.inspection;
  }

  /** What the next steps give. */
  reference(count = 1): Step {
    const { present, flags } = this.inspection;
    const mask = this.file.mask && toWeights(this.file.mask.data);
    return valueOf(step(present.layer, this.file.input, flags, count, mask));
  }
}

function near(what: string, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i] as number, wanted[i] as number];
    if (Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b))) continue;
    throw new Error(`${what}[${i}] is ${a} instead of ${b}`);
  }
}

function compareInspections(got: Inspection | undefined, wanted: Inspection): void {
  if (!got) throw new Error('nothing is open');
  const { layer, ...state } = got.present;
  const { layer: wantedLayer, ...wantedState } = wanted.present;
  expect(state).toEqual(wantedState);
  expect(got.flags).toEqual(wanted.flags);
  expect(got.past.map(({ label }) => label)).toEqual(wanted.past.map(({ label }) => label));
  expect(layer.convention.id).toBe(wantedLayer.convention.id);
  for (const name of ['epsilon', 'momentum', 'channelAxis', 'batchesTracked'] as const) {
    expect(layer[name], name).toBe(wantedLayer[name]);
  }
  for (const name of parameterNames) near(name, layer[name], wantedLayer[name]);
}

/** What is on screen, and the whole output behind it. */
async function comparePreview(session: InspectionSession, model: Model): Promise<void> {
  const { output, trace } = model.reference();
  const { shown } = session;
  expect(shown?.inspection).toBe(session.inspection);
  const got = shown?.stepped.trace ?? expect.fail('nothing is shown');
  expect(got.normalizedWith).toBe(trace.normalizedWith);
  expect(got.updated).toBe(trace.updated);
  expect(got.batch.n).toEqual(trace.batch.n);
  near('batch mean', got.batch.mean, trace.batch.mean);
  near('batch variance', got.batch.variance, trace.batch.variance);
  near('moving mean after', got.movingMeanAfter, trace.movingMeanAfter);
  near('moving variance after', got.movingVarianceAfter, trace.movingVarianceAfter);
  const tensors = valueOf(await session.tensors.all());
  near('output', tensors.output, output.data);
}

function randomEdit(random: Random, { inspection }: Model): EditAction {
  const channels = channelCount(inspection.present.layer);
  return random.pick<() => EditAction>([
    () => ({ kind: 'setFlags', flags: random.pick(flagCombinations) }),
    () => ({ kind: 'setFlags', flags: random.pick(flagCombinations) }),
    () => ({ kind: 'setEpsilon', value: random.pick([-1, 0.02 + random.next()]) }),
    () => ({ kind: 'setMomentum', value: random.pick([null, 2, 0.1 + 0.8 * random.next()]) }),
    () => ({
      kind: 'setParameter',
      parameter: random.pick(parameterNames),
      channel: random.pick([null, random.integer(0, channels - 1), channels]),
      value: 0.1 + 3 * random.next(),
    }),
    () => ({ kind: 'setConvention', id: random.pick(conventions).id }),
    () => ({ kind: 'undo' }),
    () => ({ kind: 'undo' }),
    () => ({ kind: 'redo' }),
    () => ({ kind: 'reset' }),
  ])();
}

interface Driven {
  readonly random: Random;
  readonly session: InspectionSession;
  readonly source: TextSource;
  readonly subject: Subject;
  readonly model: Model;
  /** What was done, to tell in a failure. */
  readonly script: string[];
}

/** Several requests, each sent while the one before may be under way; now and then the worker dies. */
async function burst({ random, session, model, script }: Driven): Promise<void> {
  const sent: { readonly action: InspectionAction; readonly result: Promise<Result<null>> }[] = [];
  const length = random.integer(1, 4);
  let killed: Promise<void> | undefined;
  const killAt = random.next() < 0.1 ? random.integer(0, length - 1) : -1;
  for (let i = 0; i < length; i++) {
    const step: InspectionAction = { kind: 'step', count: random.pick([1, 1, 3, 20_000]) };
    const action = random.next() < 0.4 ? step : randomEdit(random, model);
    script.push(JSON.stringify(action));
    sent.push({ action, result: session.act(action) });
    await aWhile(random);
    if (i === killAt) {
      script.push('kill');
      killed = engine.kill();
    }
  }
  // One crash at a time: what is asked again after it is asked once.
  await killed;
  for (const [i, { action, result }] of sent.entries()) {
    const done = await result;
    if (action.kind !== 'step') {
      expect(done).toEqual(model.edit(action as EditAction));
    } else if (done.ok) model.commit(action.count);
    else {
      script.push(`(${action.count} steps: ${done.problem.code})`);
      // Only what is asked for next takes a run back.
      expect([done.problem.code, i < sent.length - 1]).toEqual(['cancelled', true]);
    }
  }
}

/** The source changes, and again before it is read. The flags are the user's in any case. */
async function follow({ random, session, source, subject, model, script }: Driven): Promise<void> {
  const versions = random.integer(1, 3);
  for (let i = 0; i < versions; i++) {
    source.text = textOf(subject, random);
    void session.refresh();
    await aWhile(random);
  }
  const action: EditAction = { kind: 'setFlags', flags: random.pick(flagCombinations) };
  script.push(`${versions} × source`, JSON.stringify(action));
  const done = await session.act(action);
  await session.settled();
  model.follow(source.text);
  expect(done).toEqual(model.edit(action));
}

async function tensorsLeft(): Promise<number> {
  let left = 1;
  // Nobody waits for an input that is closed.
  for (let tries = 0; left > 0 && tries < 1000; tries++) {
    left = valueOf(await engine.client.memory(null)).numTensors;
    if (left > 0) await new Promise(resolve => setTimeout(resolve, 10));
  }
  return left;
}

async function drive(seed: number): Promise<string[]> {
  const random = new Random(seed);
  const subject = randomSubject(random);
  const source = new TextSource(textOf(subject, random));
  const services = { engine: () => engine.client, reader: source, fallback: () => tf1 };
  const session = new InspectionSession(services, { kind: 'resource', uri: 'file:///a.bn.json' });
  const script = [`[${subject.shape.join()}] ${subject.keys.slice(0, 120)}`];
  try {
    await session.refresh();
    await session.settled();
    const driven = { random, session, source, subject, model: new Model(source.text), script };
    for (let i = 0; i < 12; i++) {
      await (random.next() < 0.15 ? follow(driven) : burst(driven));
      await session.settled();
      compareInspections(session.inspection, driven.model.inspection);
      await comparePreview(session, driven.model);
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${script.join(' ')}`, { cause: error });
  } finally {
    session.dispose();
  }
  expect(await tensorsLeft(), `seed ${seed} left tensors behind: ${script.join(' ')}`).toBe(0);
  return script;
}

it('any sequence of flags, edits, steps, undos and cancellations agrees with the float64 reference', async () => {
  const seed = printedSeed('session');
  const scripts: string[] = [];
  for (let run = 0; run < 16; run++) scripts.push(...(await drive(seed + run)));
  const cancelled = scripts.filter(line => line.endsWith('cancelled)')).length;
  const killed = scripts.filter(line => line === 'kill').length;
  console.log(`session: ${scripts.length} requests, ${cancelled} cancelled, ${killed} crashes`);
  expect(scripts.some(line => line.includes('× source'))).toBe(true);
  expect(killed).toBeGreaterThan(0);
}, 120_000);
