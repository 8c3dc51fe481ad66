import { expect, it } from 'vitest';
import type { Convention } from '../../src/core/batchnorm/convention';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { flagCombinations, type Flags } from '../../src/core/batchnorm/flags';
import { goToState, historyPoints, redo, undo } from '../../src/core/batchnorm/history';
import {
  commitSteps,
  followSource,
  openInspection,
  reset,
  setChannelAxis,
  setConvention,
  setEpsilon,
  setFlags,
  setMomentum,
  setParameter,
  type Inspection,
} from '../../src/core/batchnorm/inspection';
import { channelCount, parameterNames } from '../../src/core/batchnorm/layer';
import type { Statement } from '../../src/core/batchnorm/statement';
import { step } from '../../src/core/batchnorm/step';
import type { Result } from '../../src/core/problem';
import type { Tensor } from '../../src/core/tensor/tensor';
import { printedSeed, Random } from './random';

const [tf1] = conventions as readonly [Convention, ...Convention[]];
const shape = [3, 2, 4, 2] as const;

/** What is on screen, as plain data that no later operation can reach. */
interface Screen {
  readonly convention: string;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly axis: number;
  readonly steps: number;
  readonly tracked: number;
  readonly parameters: readonly (readonly number[])[];
}

/** A simple inspection to compare with: a stack of screens, and the flags. */
interface Model {
  stack: Screen[];
  /** What was undone, the next to redo last. */
  undone: Screen[];
  flags: Flags;
}

function screenOf({ present }: Inspection): Screen {
  const { layer, steps } = present;
  return {
    convention: layer.convention.id,
    epsilon: layer.epsilon,
    momentum: layer.momentum,
    axis: layer.channelAxis,
    steps,
    tracked: layer.batchesTracked,
    parameters: parameterNames.map(name => Array.from(layer[name])),
  };
}

/** One random operation on both: what the inspection became, and what the model makes of it. */
type Operation = (random: Random, inspection: Inspection, model: Model) => Inspection;

const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};

/** Pushes a screen that differs from the present one; an edit that changes nothing is not history. */
function push(model: Model, change: Partial<Screen>, always = false): void {
  const top = model.stack.at(-1) as Screen;
  const next = { ...top, ...change };
  if (always || JSON.stringify(printable(next)) !== JSON.stringify(printable(top))) {
    model.stack.push(next);
    model.undone = [];
  }
}

const printable = (screen: Screen): unknown => ({
  ...screen,
  parameters: screen.parameters.map(values => values.map(String)),
});

function undoModel({ stack, undone }: Model): void {
  if (stack.length > 1) undone.push(stack.pop() as Screen);
}

function redoModel({ stack, undone }: Model): void {
  const next = undone.pop();
  if (next) stack.push(next);
}

const operations: Readonly<Record<string, Operation>> = {
  flags: (random, inspection, model) => {
    model.flags = random.pick(flagCombinations);
    return setFlags(inspection, model.flags);
  },
  parameter: (random, inspection, model) => {
    const at = random.integer(0, 3);
    const name = parameterNames[at] as (typeof parameterNames)[number];
    const { parameters } = model.stack.at(-1) as Screen;
    const values = parameters[at] ?? [];
    const channel = random.boolean() ? null : random.integer(0, values.length - 1);
    const value = random.pick([0, 1, -0.3, 2, NaN, Infinity, random.normal()]);
    push(model, {
      parameters: parameters.map((old, i) =>
        i !== at
          ? old
          : old.map((x, c) => (channel === null || c === channel ? Math.fround(value) : x)),
      ),
    });
    return unwrap(setParameter(inspection, name, channel, value));
  },
  epsilon: (random, inspection, model) => {
    const epsilon = random.pick([0, 1e-5, 1e-3, 0.5, random.next()]);
    const edited = unwrap(setEpsilon(inspection, epsilon));
    // A default pinned by typing it again is an edit as well.
    push(model, { epsilon }, edited !== inspection);
    return edited;
  },
  badNumbers: (_, inspection) => {
    expect(setEpsilon(inspection, -1).ok).toBe(false);
    expect(setMomentum(inspection, 2).ok).toBe(false);
    expect(setParameter(inspection, 'gamma', 99, 1).ok).toBe(false);
    expect(setChannelAxis(inspection, 7).ok).toBe(false);
    return inspection;
  },
  momentum: (random, inspection, model) => {
    const momentum = random.pick([0, 0.01, 0.9, 0.99, 1, null]);
    const edited = setMomentum(inspection, momentum);
    const { allowsCumulative } = inspection.present.layer.convention.momentum;
    expect(edited.ok).toBe(momentum !== null || allowsCumulative);
    if (!edited.ok) return inspection;
    push(model, { momentum }, edited.value !== inspection);
    return edited.value;
  },
  steps: (random, inspection, model) => {
    const { layer } = inspection.present;
    const count = random.integer(1, 3);
    const { layer: after } = unwrap(step(layer, input, inspection.flags, count));
    const top = model.stack.at(-1) as Screen;
    const committed = commitSteps(inspection, after, count);
    push(
      model,
      {
        steps: top.steps + count,
        tracked: top.tracked + (layer.convention.updatesMoving.test(model.flags) ? count : 0),
        parameters: [
          ...top.parameters.slice(0, 2),
          Array.from(after.movingMean),
          Array.from(after.movingVariance),
        ],
      },
      true,
    );
    return committed;
  },
  undo: (_, inspection, model) => {
    undoModel(model);
    return undo(inspection);
  },
  redo: (_, inspection, model) => {
    redoModel(model);
    return redo(inspection);
  },
  goToState: (random, inspection, model) => {
    const points = historyPoints(inspection);
    expect(points).toHaveLength(model.stack.length + model.undone.length);
    const index = random.integer(0, points.length - 1);
    while (model.stack.length - 1 > index) undoModel(model);
    while (model.stack.length - 1 < index) redoModel(model);
    const there = unwrap(goToState(inspection, index));
    expect(there.present).toBe(points[index]?.state);
    expect(historyPoints(there)).toEqual(points);
    expect(goToState(inspection, points.length).ok).toBe(false);
    return there;
  },
  reset: (_, inspection, model) => {
    const back = reset(inspection);
    if (back !== inspection) push(model, model.stack[0] as Screen, true);
    else expect(screenOf(inspection)).toEqual(model.stack[0]);
    return back;
  },
  convention: (random, inspection, model) => {
    const to = random.pick(conventions);
    const from = inspection.present.layer.convention;
    const { epsilon, momentum } = inspection.present.layer;
    const next = setConvention(inspection, to);
    if (to === from) {
      expect(next).toBe(inspection);
      return next;
    }
    const { edited } = inspection.present;
    const keepsEpsilon = inspection.statement.epsilon !== undefined || edited.includes('epsilon');
    expect(next.present.layer.epsilon).toBe(keepsEpsilon ? epsilon : to.defaults.epsilon);
    if (edited.includes('momentum') && momentum !== null) {
      const flips = from.momentum.weighs !== to.momentum.weighs;
      expect(next.present.layer.momentum).toBeCloseTo(flips ? 1 - momentum : momentum, 12);
    } else if (inspection.statement.momentum === undefined && !edited.includes('momentum')) {
      expect(next.present.layer.momentum).toBe(to.defaults.momentum);
    }
    const change = { epsilon: next.present.layer.epsilon, momentum: next.present.layer.momentum };
    push(model, { convention: to.id, ...change }, true);
    return next;
  },
  axis: (random, inspection, model) => {
    const axis = random.integer(0, 3);
    const before = channelCount(inspection.present.layer);
    const moved = unwrap(setChannelAxis(inspection, axis));
    if (moved === inspection) return moved;
    if (shape[axis] === before) push(model, { axis }, true);
    else {
      expect(channelCount(moved.present.layer)).toBe(shape[axis]);
      expect(moved.present.steps).toBe(0);
      push(model, screenOf(moved), true);
    }
    return moved;
  },
  follow: (random, inspection, model) => {
    const again = structuredClone(inspection.statement);
    if (random.next() < 0.8) {
      const { inspection: kept, restarted } = unwrap(followSource(inspection, again, shape, tf1));
      expect(restarted).toBe(false);
      expect(kept.past).toBe(inspection.past);
      return kept;
    }
    const other: Statement = { ...again, epsilon: random.next() };
    const { inspection: opened } = unwrap(followSource(inspection, other, shape, tf1));
    expect(screenOf(opened)).toEqual(screenOf(unwrap(openInspection(other, shape, tf1))));
    model.stack = [screenOf(opened)];
    model.undone = [];
    return opened;
  },
};

let input: Tensor;

function randomStatement(random: Random): Statement {
  const { id, momentum } = random.pick(conventions);
  return {
    convention: id,
    channelAxis: random.integer(0, 3),
    ...(random.boolean() && { epsilon: random.next() }),
    ...(random.boolean() && { momentum: momentum.allowsCumulative ? null : random.next() }),
    parameters: random.boolean() ? { gamma: Float64Array.of(2) } : {},
  };
}

it('random operations on an inspection agree with a stack of screens', () => {
  const seed = printedSeed('inspection');
  for (let run = 0; run < 60; run++) {
    const random = new Random(seed + run);
    const data = Float32Array.from({ length: 48 }, () => random.normal());
    input = { shape, dtype: 'float32', data };
    let inspection = unwrap(openInspection(randomStatement(random), shape, tf1));
    const model: Model = { stack: [screenOf(inspection)], undone: [], flags: inspection.flags };
    const script: string[] = [];
    for (let i = 0; i < 60; i++) {
      const name = random.pick(Object.keys(operations));
      script.push(name);
      const before = screenOf(inspection);
      const next = (operations[name] as Operation)(random, inspection, model);
      const told = `seed ${seed}, run ${run}: ${script.join(' ')}`;
      expect(screenOf(inspection), `${told} changed the state it began with`).toEqual(before);
      inspection = next;
      expect(screenOf(inspection), told).toEqual(model.stack.at(-1));
      expect(inspection.flags, told).toEqual(model.flags);
      expect(inspection.past.length, told).toBe(model.stack.length - 1);
      expect(inspection.future.length, told).toBe(model.undone.length);
    }
    while (inspection.past.length > 0) {
      inspection = undo(inspection);
      model.stack.pop();
      expect(screenOf(inspection)).toEqual(model.stack.at(-1));
    }
  }
});
