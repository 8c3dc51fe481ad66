import { expect, it } from 'vitest';
import type { Convention } from '../../src/core/batchnorm/convention';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { flagCombinations, type Flags } from '../../src/core/batchnorm/flags';
import { undo } from '../../src/core/batchnorm/history';
import {
  commitSteps,
  openInspection,
  setEpsilon,
  setFlags,
  setMomentum,
  setParameter,
  type Inspection,
} from '../../src/core/batchnorm/inspection';
import { parameterNames } from '../../src/core/batchnorm/layer';
import { step } from '../../src/core/batchnorm/step';
import type { Result } from '../../src/core/problem';
import { printedSeed, Random } from './random';

/**
 * Each framework's rules once more, as its documentation has them and not as the conventions say them:
 * an oracle that shares no code with what it checks. Rank 3 with the channels last, where nothing fuses.
 */
interface Rules {
  /** Which flags make the batch normalise, and move the statistics. */
  readonly batch: (flags: Flags) => boolean;
  readonly moves: (flags: Flags) => boolean;
  /** Weight of the k-th batch, k from 1. */
  readonly weight: (momentum: number, k: number) => number;
  /** What the biased variance is multiplied by. */
  readonly factor: (n: number, epsilon: number) => number;
}

const training = (flags: Flags): boolean => flags.training;
const both = (flags: Flags): boolean => flags.training && flags.trainable;
const ofOld = (m: number): number => 1 - m;
const ofNew = (m: number): number => m;
const debiased = (m: number, k: number): number => (1 - m) / (1 - Math.pow(m, k));
const one = (): number => 1;
const unbiased = (n: number): number => n / (n - 1);

const rules: Readonly<Record<string, Rules>> = {
  tf1: { batch: training, moves: both, weight: ofOld, factor: one },
  'tf1-unfused': { batch: training, moves: both, weight: ofOld, factor: one },
  keras2: { batch: both, moves: both, weight: ofOld, factor: one },
  'keras-standalone': {
    batch: training,
    moves: both,
    weight: ofOld,
    factor: (n, epsilon) => n / (n - 1 - epsilon),
  },
  keras3: { batch: both, moves: both, weight: ofOld, factor: one },
  pytorch: { batch: training, moves: training, weight: ofNew, factor: unbiased },
  onnx: { batch: training, moves: training, weight: ofOld, factor: one },
  flax: { batch: training, moves: training, weight: ofOld, factor: one },
  haiku: { batch: training, moves: training, weight: debiased, factor: one },
  tfjs: { batch: training, moves: training, weight: ofOld, factor: one },
  caffe: { batch: training, moves: training, weight: debiased, factor: unbiased },
  mxnet: { batch: training, moves: training, weight: ofOld, factor: one },
  paddle: { batch: training, moves: training, weight: ofOld, factor: one },
};

/** A layer and its history as plain numbers: one record a channel. */
interface Model {
  stack: ModelState[];
  flags: Flags;
}

interface ModelState {
  readonly epsilon: number;
  readonly momentum: number;
  readonly batches: number;
  /** gamma, beta, moving mean, moving variance. */
  readonly channels: readonly (readonly [number, number, number, number])[];
}

const shape = [4, 3, 2] as const;
const seed = printedSeed('sequences');

const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};

const float32s = (length: number, draw: () => number): Float32Array =>
  Float32Array.from({ length }, draw);

/** One step of the model over a batch: what comes out, and the state after it. */
function modelStep(
  { batch, moves, weight, factor }: Rules,
  state: ModelState,
  flags: Flags,
  x: Float32Array,
): { readonly outputs: number[]; readonly after: ModelState } {
  const outputs = new Array<number>(x.length);
  const channels = state.channels.map(([gamma, beta, oldMean, oldVariance], c) => {
    const values = Array.from(x).filter((_, i) => i % 2 === c);
    const n = values.length;
    const mean = values.reduce((sum, v) => sum + v, 0) / n;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
    const [m, v] = batch(flags) ? [mean, variance] : [oldMean, oldVariance];
    values.forEach((value, k) => {
      outputs[2 * k + c] = (gamma * (value - m)) / Math.sqrt(v + state.epsilon) + beta;
    });
    if (!moves(flags)) return [gamma, beta, oldMean, oldVariance] as const;
    const a = weight(state.momentum, state.batches + 1);
    const seen = variance * factor(n, state.epsilon);
    return [
      gamma,
      beta,
      oldMean + a * (mean - oldMean),
      oldVariance + a * (seen - oldVariance),
    ] as const;
  });
  const batches = state.batches + (moves(flags) ? 1 : 0);
  return { outputs, after: { ...state, channels, batches } };
}

function expectNear(what: string, actual: number, expected: number): void {
  const near = Math.abs(actual - expected) <= 2e-5 * (1 + Math.abs(expected));
  if (!near) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

function compare({ present }: Inspection, { stack }: Model): void {
  const state = stack.at(-1) as ModelState;
  expect(present.layer.epsilon).toBe(state.epsilon);
  expect(present.layer.momentum).toBe(state.momentum);
  expect(present.layer.batchesTracked).toBe(state.batches);
  state.channels.forEach((numbers, c) => {
    parameterNames.forEach((name, i) => {
      expectNear(`${name}[${c}]`, present.layer[name][c] as number, numbers[i] as number);
    });
  });
}

type Operation = (random: Random, inspection: Inspection, model: Model, of: Rules) => Inspection;

const push = (model: Model, change: Partial<ModelState>): void => {
  model.stack.push({ ...(model.stack.at(-1) as ModelState), ...change });
};

const operations: Readonly<Record<string, Operation>> = {
  flags: (random, inspection, model) => {
    model.flags = random.pick(flagCombinations);
    return setFlags(inspection, model.flags);
  },
  epsilon: (random, inspection, model) => {
    // A sum, so that no draw repeats the present value, which would not be history.
    const epsilon = inspection.present.layer.epsilon + random.next() * 0.1 + 1e-4;
    push(model, { epsilon });
    return unwrap(setEpsilon(inspection, epsilon));
  },
  momentum: (random, inspection, model) => {
    const momentum = 0.05 + 0.9 * random.next();
    push(model, { momentum });
    return unwrap(setMomentum(inspection, momentum));
  },
  parameter: (random, inspection, model) => {
    const [at, c] = [random.integer(0, 3), random.integer(0, 1)];
    const value = Math.fround(0.1 + 3 * random.next());
    const channels = (model.stack.at(-1) as ModelState).channels.map((numbers, channel) =>
      numbers.map((number, i) => (channel === c && i === at ? value : number)),
    ) as unknown as ModelState['channels'];
    push(model, { channels });
    return unwrap(setParameter(inspection, parameterNames[at] ?? 'gamma', c, value));
  },
  step: (random, inspection, model, of) => {
    const data = float32s(24, () => 1 + 2 * random.normal());
    const input = { shape, dtype: 'float32', data } as const;
    const { layer } = inspection.present;
    const stepped = unwrap(step(layer, input, inspection.flags));
    const { outputs, after } = modelStep(of, model.stack.at(-1) as ModelState, model.flags, data);
    outputs.forEach((y, i) => {
      expectNear(`output[${i}]`, stepped.output.data[i] as number, y);
    });
    model.stack.push(after);
    return commitSteps(inspection, stepped.layer, 1);
  },
  undo: (_, inspection, model) => {
    if (model.stack.length > 1) model.stack.pop();
    return undo(inspection);
  },
};

function begin(random: Random, convention: Convention): [Inspection, Model] {
  const draw = (): Float64Array => Float64Array.from(float32s(2, () => 0.2 + random.next()));
  const parameters = {
    gamma: draw(),
    beta: draw(),
    movingMean: draw(),
    movingVariance: draw(),
  };
  const flags = random.pick(flagCombinations);
  const momentum = 0.05 + 0.9 * random.next();
  const stated = { parameters, momentum, epsilon: 0.01, channelAxis: 2, ...flags };
  const inspection = unwrap(openInspection(stated, shape, convention));
  const channels = [0, 1].map(
    c =>
      parameterNames.map(
        name => parameters[name][c] as number,
      ) as unknown as ModelState['channels'][number],
  );
  return [inspection, { stack: [{ epsilon: 0.01, momentum, batches: 0, channels }], flags }];
}

it('has rules for every convention', () => {
  expect(Object.keys(rules).sort()).toEqual(conventions.map(({ id }) => id).sort());
});

it.each(conventions)('$id: any sequence of flags, edits, steps and undos', convention => {
  const of = rules[convention.id];
  if (!of) throw new Error(`no rules of ${convention.id}`);
  const names = Object.keys(operations);
  for (let run = 0; run < 30; run++) {
    const random = new Random(seed + run);
    const [opened, model] = begin(random, convention);
    let inspection = opened;
    const done: string[] = [];
    for (let move = 0; move < 25; move++) {
      const name = random.pick(names);
      done.push(name);
      try {
        inspection = (operations[name] as Operation)(random, inspection, model, of);
        compare(inspection, model);
      } catch (error) {
        throw new Error(`seed ${seed + run}, after ${done.join(', ')}: ${String(error)}`);
      }
    }
  }
});
