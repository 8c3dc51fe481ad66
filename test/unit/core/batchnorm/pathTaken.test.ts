import { describe, expect, it } from 'vitest';
import { undo, type History } from '../../../../src/core/batchnorm/history';
import {
  commitSteps,
  openInspection,
  reset,
  setChannelAxis,
  setParameter,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import { pathTaken, statesTaken } from '../../../../src/core/batchnorm/pathTaken';
import { step } from '../../../../src/core/batchnorm/step';
import { convention, unwrap } from './seed';

const shape = [4, 2];
const input = { shape, dtype: 'float64' as const, data: Float64Array.of(1, 8, 2, 9, 4, 7, 5, 0) };

function open(id: string): Inspection {
  return unwrap(
    openInspection({ parameters: {}, convention: id, channelAxis: 1 }, shape, convention(id)),
  );
}

function run(inspection: Inspection, count: number): Inspection {
  const { present, flags } = inspection;
  return commitSteps(inspection, unwrap(step(present.layer, input, flags, count)).layer, count);
}

describe('the steps taken', () => {
  it('are a state each, what was undone included', () => {
    const history = undo(run(run(open('keras3'), 1), 5));
    expect(statesTaken(history, 0).map(({ index, steps, label }) => [index, steps, label])).toEqual(
      [
        [0, 0, ''],
        [1, 1, 'step 1'],
        [2, 6, 'steps 2 to 6'],
      ],
    );
  });

  it('leave out states of another number of channels', () => {
    const moved = unwrap(setChannelAxis(run(open('keras3'), 1), 0));
    expect(statesTaken(moved, 0).map(({ index }) => index)).toEqual([2]);
    const { steps } = pathTaken(moved, 0, 2);
    expect([...steps]).toEqual([NaN, NaN, 0]);
  });

  it.each(['keras3', 'tf1', 'pytorch', 'haiku', 'caffe'])(
    'of %s go between two states where single steps would',
    id => {
      const many = run(run(open(id), 3), 40);
      let single: History = open(id);
      for (let k = 0; k < 43; k++) single = run(single as Inspection, 1);
      const states = statesTaken(single, 1);
      const { steps, mean, variance } = pathTaken(many, 1, 2);
      expect(steps.length).toBeGreaterThan(20);
      expect(steps.length).toBeLessThan(40);
      steps.forEach((at, i) => {
        expect(mean[i]).toBeCloseTo(states[at]?.mean as number, 4);
        expect(variance[i]).toBeCloseTo(states[at]?.variance as number, 4);
      });
    },
  );

  it('have a gap at a reset, and a step up at an edit', () => {
    const edited = unwrap(setParameter(run(open('keras3'), 2), 'movingMean', 0, 9));
    const { steps, mean } = pathTaken(run(reset(edited), 1), 0, 2);
    expect([...steps]).toEqual([0, 1, 2, 2, NaN, 0, 1]);
    expect(mean[3]).toBe(9);
  });

  it('are flat where the statistics did not move', () => {
    const still = run({ ...open('keras3'), flags: { training: false, trainable: true } }, 30);
    const { mean, variance } = pathTaken(still, 0, 2);
    expect(new Set(mean)).toEqual(new Set([0]));
    expect(new Set(variance)).toEqual(new Set([1]));
  });
});
