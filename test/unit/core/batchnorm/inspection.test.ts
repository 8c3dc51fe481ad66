import { describe, expect, it } from 'vitest';
import { undo } from '../../../../src/core/batchnorm/history';
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
  unfittingParameters,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import { runningNames, type Statement } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import type { Result } from '../../../../src/core/problem';
import { convention, seedImage, unwrap } from './seed';

const tf1 = convention('tf1');
const pytorch = convention('pytorch');
const statement: Statement = {
  convention: 'tf1',
  channelAxis: -1,
  epsilon: 0.001,
  momentum: 0.99,
  training: true,
  parameters: { gamma: Float64Array.of(2, 2, 2, 2), beta: Float64Array.of(1) },
};
const { epsilon: _, momentum: __, ...silent } = statement;
const shape = seedImage.shape;
const open = (said: Statement = statement): Inspection => unwrap(openInspection(said, shape, tf1));
const message = (result: Result<unknown>): string => (result.ok ? '' : result.problem.message);

function commit(inspection: Inspection, count = 1): Inspection {
  const { layer } = inspection.present;
  return commitSteps(
    inspection,
    unwrap(step(layer, seedImage, inspection.flags, count)).layer,
    count,
  );
}

describe('opening', () => {
  it('takes what is stated, and the defaults of the convention for the rest', () => {
    const { flags, present, past } = open({ ...silent, convention: 'pytorch' });
    expect(flags).toEqual({ training: true, trainable: true });
    expect(present.layer).toMatchObject({ epsilon: 1e-5, momentum: 0.1, channelAxis: 3 });
    expect(Array.from(present.layer.beta)).toEqual([1, 1, 1, 1]);
    expect(past).toEqual([]);
  });

  it('takes running_* names to mean PyTorch, and a stated convention before that', () => {
    const { convention: ___, ...unnamed } = silent;
    const running = unwrap(openInspection({ ...unnamed, implied: runningNames }, shape, tf1));
    expect(running.present.layer.convention).toBe(pytorch);
    const named = open({ ...silent, implied: runningNames });
    expect(named.present.layer.convention).toBe(tf1);
  });
});

describe('edits', () => {
  it('are what-ifs that undo takes back one by one', () => {
    const first = unwrap(setParameter(open(), 'gamma', 2, 5));
    const second = unwrap(setEpsilon(first, 0.1));
    expect(second.present.edited).toEqual(['gamma[2]', 'epsilon']);
    expect(second.past.map(({ label }) => label)).toEqual([
      'gamma of channel 2',
      'the change of epsilon',
    ]);
    expect(undo(second).present).toBe(first.present);
    expect(undo(undo(second)).present.layer).toEqual(open().present.layer);
    expect(undo(open())).toMatchObject({ past: [] });
  });

  it('leave the layer they started from alone', () => {
    const inspection = open();
    setParameter(inspection, 'gamma', 0, 9);
    setParameter(inspection, 'gamma', null, 9);
    expect(Array.from(inspection.present.layer.gamma)).toEqual([2, 2, 2, 2]);
  });

  it('keep parameters as float32, and allow NaN and negative variances', () => {
    const edited = unwrap(setParameter(open(), 'movingVariance', null, -0.1));
    expect(Array.from(edited.present.layer.movingVariance)).toEqual(
      Array(4).fill(Math.fround(-0.1)),
    );
    expect(unwrap(setParameter(open(), 'beta', 1, NaN)).present.layer.beta[1]).toBeNaN();
  });

  it('that change nothing are not history', () => {
    const inspection = open();
    expect(unwrap(setParameter(inspection, 'gamma', 1, 2))).toBe(inspection);
    expect(unwrap(setParameter(inspection, 'beta', null, 1))).toBe(inspection);
    expect(unwrap(setEpsilon(inspection, 0.001))).toBe(inspection);
    expect(unwrap(setMomentum(inspection, 0.99))).toBe(inspection);
    expect(unwrap(setChannelAxis(inspection, 3))).toBe(inspection);
    expect(setConvention(inspection, tf1)).toBe(inspection);
  });

  it('can pin a default, so that another convention does not replace it', () => {
    const pinned = unwrap(setEpsilon(open(silent), 0.001));
    expect(setConvention(pinned, pytorch).present.layer.epsilon).toBe(0.001);
    expect(setConvention(open(silent), pytorch).present.layer.epsilon).toBe(1e-5);
  });

  it('that make no sense are problems that say what would', () => {
    const inspection = open();
    expect(message(setEpsilon(inspection, -1))).toMatch(/finite number of at least 0/);
    expect(message(setEpsilon(inspection, NaN))).toMatch(/Epsilon is NaN/);
    expect(message(setMomentum(inspection, 1.5))).toMatch(/weight of the old value, from 0 to 1/);
    expect(message(setMomentum(inspection, NaN))).toMatch(/from 0 to 1/);
    expect(message(setMomentum(inspection, null))).toMatch(/TensorFlow 1, fused does not have/);
    expect(message(setParameter(inspection, 'gamma', 4, 1))).toBe(
      'There is no channel 4: this layer has channels 0 to 3.',
    );
    expect(message(setParameter(inspection, 'gamma', 0.5, 1))).toMatch(/no channel 0\.5/);
    expect(message(setChannelAxis(inspection, 4))).toBe('Shape [1,2,2,4] has no axis 4.');
    expect(message(setChannelAxis(inspection, -1))).toMatch(/no axis -1/);
  });
});

describe('flags', () => {
  it('are a view of the next step: no history, and reset leaves them', () => {
    const toggled = setFlags(open(), { training: false, trainable: false });
    expect(toggled.past).toEqual([]);
    const back = reset(unwrap(setEpsilon(toggled, 1)));
    expect(back.flags).toEqual({ training: false, trainable: false });
  });
});

describe('steps', () => {
  it('commit, count, and come back by undo', () => {
    const twice = commit(commit(open()), 3);
    expect(twice.present.steps).toBe(4);
    expect(twice.past.map(({ label }) => label)).toEqual(['step 1', 'steps 2 to 4']);
    expect(undo(twice).present.steps).toBe(1);
    expect(undo(undo(twice)).present.layer.movingMean[0]).toBe(0);
  });

  it('count batches, so that a cumulative average goes on where it was', () => {
    const cumulative = { ...statement, convention: 'pytorch', momentum: null };
    const one = commit(open(cumulative));
    expect(one.present.layer.batchesTracked).toBe(1);
    expect(commit(one).present.layer.movingMean[0]).toBe(3.25);
    expect(undo(one).present.layer.batchesTracked).toBe(0);
  });
});

describe('reset', () => {
  it('goes back to the source, and can be undone', () => {
    const changed = commit(unwrap(setParameter(open(), 'gamma', 0, 7)));
    const back = reset(changed);
    expect(back.present).toBe(back.base);
    expect(back.present.layer).toEqual(open().present.layer);
    expect(back.present.steps).toBe(0);
    expect(undo(back).present).toBe(changed.present);
  });

  it('of what has not changed is nothing', () => {
    const inspection = open();
    expect(reset(inspection)).toBe(inspection);
  });
});

describe('another convention', () => {
  it('keeps the meaning of momentum and a stated epsilon', () => {
    const { layer } = setConvention(open(), pytorch).present;
    expect(layer).toMatchObject({ convention: pytorch, momentum: 0.01, epsilon: 0.001 });
    expect(layer.channelAxis).toBe(3);
  });

  it('replaces what nobody said by its own defaults', () => {
    expect(setConvention(open(silent), pytorch).present.layer).toMatchObject({
      momentum: 0.1,
      epsilon: 1e-5,
    });
  });

  it('keeps an edited momentum too', () => {
    const edited = unwrap(setMomentum(open(silent), 0.9));
    expect(setConvention(edited, pytorch).present.layer.momentum).toBe(0.1);
  });

  it('comes back to the very same layer', () => {
    for (const said of [
      statement,
      silent,
      { ...statement, convention: 'pytorch', momentum: null },
    ]) {
      const start = open(said);
      const there = setConvention(start, convention('keras3'));
      const back = setConvention(there, start.present.layer.convention);
      expect(back.present.layer).toEqual(start.present.layer);
    }
  });

  it('keeps the statistics of the steps taken', () => {
    const stepped = commit(open());
    const { layer, steps } = setConvention(stepped, pytorch).present;
    expect(steps).toBe(1);
    expect(layer.movingMean).toEqual(stepped.present.layer.movingMean);
  });
});

describe('another channel axis', () => {
  it('of the same length keeps the parameters', () => {
    const square: Statement = { parameters: { gamma: Float64Array.of(3, 4) } };
    const start = unwrap(openInspection(square, [2, 2], tf1));
    const moved = unwrap(setChannelAxis(commitSteps(start, start.present.layer, 1), 0));
    expect(Array.from(moved.present.layer.gamma)).toEqual([3, 4]);
    expect(moved.present).toMatchObject({ steps: 1, edited: ['axis'] });
  });

  it('of another length reads the stated parameters that fit, and says which do not', () => {
    const edited = unwrap(setParameter(commit(unwrap(setEpsilon(open(), 0.5))), 'beta', 0, 9));
    const moved = unwrap(setChannelAxis(edited, 1));
    const { layer, steps, edited: marks } = moved.present;
    expect(Array.from(layer.gamma)).toEqual([1, 1]);
    expect(Array.from(layer.beta)).toEqual([1, 1]);
    expect(Array.from(layer.movingMean)).toEqual([0, 0]);
    expect(layer.epsilon).toBe(0.5);
    expect(steps).toBe(0);
    expect(marks).toEqual(['epsilon', 'axis']);
    expect(unfittingParameters(moved)).toEqual(['gamma']);
    expect(unfittingParameters(edited)).toEqual([]);
    expect(undo(moved).present).toBe(edited.present);
  });
});

describe('following the source', () => {
  const follow = (
    inspection: Inspection,
    said: Statement,
    to: readonly number[] = shape,
    fallback = tf1,
  ): { readonly inspection: Inspection; readonly restarted: boolean } =>
    unwrap(followSource(inspection, said, to, fallback));
  const worked = (): Inspection => commit(unwrap(setParameter(open(), 'gamma', 0, 7)));

  it('keeps history, what-ifs and flags while it states the same layer', () => {
    const before = setFlags(worked(), { training: false, trainable: false });
    const { inspection, restarted } = follow(before, structuredClone(statement), [5, 2, 2, 4]);
    expect(restarted).toBe(false);
    expect(inspection.present).toBe(before.present);
    expect(inspection.past).toBe(before.past);
    expect(inspection.flags).toEqual({ training: false, trainable: false });
    expect(inspection.shape).toEqual([5, 2, 2, 4]);
  });

  it('starts over when a stated parameter changes, and says so', () => {
    const others: readonly Statement[] = [
      { ...statement, parameters: { ...statement.parameters, gamma: Float64Array.of(2, 2, 2, 3) } },
      { ...statement, parameters: {} },
      { ...statement, epsilon: 0.002 },
      { ...statement, momentum: 0.9 },
      { ...silent },
      { ...statement, convention: 'keras3' },
      { ...statement, batchesTracked: 3 },
    ];
    for (const other of others) {
      const { inspection, restarted } = follow(worked(), other);
      expect(restarted).toBe(true);
      expect(inspection.past).toEqual([]);
      expect(inspection.present).toEqual(unwrap(openInspection(other, shape, tf1)).present);
    }
  });

  it('starts over when the channels change', () => {
    const plain: Statement = { parameters: {} };
    const before = unwrap(setEpsilon(open(plain), 1));
    expect(follow(before, plain, [1, 2, 2, 5]).restarted).toBe(true);
    expect(follow(before, plain, [1, 2, 4]).restarted).toBe(true);
    expect(follow(before, plain, [9, 9, 9, 4]).restarted).toBe(false);
  });

  it('starts over when a state of the history would not fit the input', () => {
    const plain: Statement = { parameters: {} };
    const moved = unwrap(setChannelAxis(open(plain), 1));
    expect(follow(moved, plain, [1, 3, 2, 4]).restarted).toBe(true);
    const back = unwrap(setChannelAxis(moved, 3));
    expect(follow(back, plain, [1, 3, 2, 4]).restarted).toBe(true);
    expect(follow(back, plain, [7, 2, 9, 4]).restarted).toBe(false);
  });

  it('says nothing of starting over when nothing is lost', () => {
    const { inspection, restarted } = follow(open(), { ...statement, epsilon: 0.5 });
    expect(restarted).toBe(false);
    expect(inspection.present.layer.epsilon).toBe(0.5);
  });

  it('follows flags that the source changes, without starting over', () => {
    const { inspection, restarted } = follow(worked(), { ...statement, training: false });
    expect(restarted).toBe(false);
    expect(inspection.flags.training).toBe(false);
    expect(inspection.past.length).toBe(2);
  });

  it("keeps the user's flags over a restart where the source says nothing new of them", () => {
    const before = setFlags(worked(), { training: false, trainable: false });
    const { inspection } = follow(before, { ...statement, epsilon: 0.5 });
    expect(inspection.flags).toEqual({ training: false, trainable: false });
  });

  it('starts over when the convention that nobody states becomes another', () => {
    const { convention: ___, ...unnamed } = statement;
    const before = unwrap(setEpsilon(open(unnamed), 1));
    const { inspection, restarted } = follow(before, unnamed, shape, pytorch);
    expect(restarted).toBe(true);
    expect(inspection.present.layer.convention).toBe(pytorch);
  });

  it('takes NaN for itself', () => {
    const nan: Statement = { parameters: { gamma: Float64Array.of(NaN) } };
    const before = unwrap(setEpsilon(open(nan), 1));
    expect(follow(before, structuredClone(nan)).restarted).toBe(false);
    expect(follow(before, { parameters: { gamma: Float64Array.of(0) } }).restarted).toBe(true);
  });

  it('of what cannot be opened is a problem', () => {
    expect(message(followSource(open(), { ...statement, epsilon: -1 }, shape, tf1))).toMatch(
      /Epsilon is -1/,
    );
    expect(message(followSource(open(), statement, [1, 2, 2, 3], tf1))).toMatch(
      /gamma has 4 values, but axis 3 of \[1,2,2,3\] has 3 channels/,
    );
  });
});
