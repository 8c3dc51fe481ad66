import { expect, it } from 'vitest';
import {
  undo,
  mostNumbers,
  mostStates,
  withState,
  type PastState,
} from '../../../../src/core/batchnorm/history';
import {
  commitSteps,
  openInspection,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import { convention, unwrap } from './seed';

const tf1 = convention('tf1');

function open(channels: number): Inspection {
  const statement = { convention: 'tf1', parameters: {} };
  return unwrap(openInspection(statement, [2, channels], tf1));
}

/** A committed step: the moving statistics are new, gamma and beta are not. */
function commit(inspection: Inspection): Inspection {
  const { layer } = inspection.present;
  const [movingMean, movingVariance] = [layer.movingMean.slice(), layer.movingVariance.slice()];
  return commitSteps(inspection, { ...layer, movingMean, movingVariance }, 1);
}

const labels = (past: readonly PastState[]): string[] => past.map(({ label }) => label);

it('keeps as many states as there may be, and forgets the oldest', () => {
  let inspection = open(2);
  for (let i = 0; i < mostStates + 3; i++) inspection = commit(inspection);
  expect(inspection.past).toHaveLength(mostStates);
  expect(inspection.past[0]?.label).toBe('step 4');
  expect(inspection.present.steps).toBe(mostStates + 3);
  for (let i = 0; i < mostStates; i++) inspection = undo(inspection);
  expect(inspection.present.steps).toBe(3);
  expect(undo(inspection)).toBe(inspection);
});

it('keeps no more numbers than there may be, those that states share counted once', () => {
  const past = commit(commit(commit(open(10)))).past;
  const last = past[2] as PastState;
  const before = past.slice(0, 2);
  // Gamma and beta once, and two vectors for each of three states.
  expect(labels(withState(before, last, { states: 9, numbers: 80 }))).toEqual(labels(past));
  expect(labels(withState(before, last, { states: 9, numbers: 79 }))).toEqual(['step 2', 'step 3']);
});

it('keeps the newest state, however large', () => {
  const [last] = commit(open(10)).past;
  if (!last) throw new Error('nothing was kept');
  expect(withState([], last, { states: 1, numbers: 1 })).toEqual([last]);
  let wide = open(mostNumbers / 4);
  for (let i = 0; i < 4; i++) wide = commit(wide);
  expect(labels(wide.past)).toEqual(['step 4']);
});
