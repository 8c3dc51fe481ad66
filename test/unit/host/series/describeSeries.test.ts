import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/core/batchnorm/diagnose/finding';
import { onsetsOf } from '../../../../src/core/batchnorm/series/onsets';
import {
  describeLayer,
  orderSentence,
  someNotes,
  verdictOf,
} from '../../../../src/host/series/describeSeries';
import type { ExaminedLayer, ExaminedSeries } from '../../../../src/host/series/examineSeries';
import type { ReadMember } from '../../../../src/host/series/seriesReader';

const dead: Finding = {
  id: 'dead-gamma',
  severity: 'warning',
  message: 'Gamma of channel 2 is 0.',
  channels: [2],
  evidence: {},
  fix: 'Train on.',
  source: '',
};
const times = ['step 1', 'step 2', 'step 3'];

function layer(name: string, found: readonly (readonly Finding[])[]): ExaminedLayer {
  return { name, channels: 4, members: [], found, onsets: onsetsOf(found), notes: [] };
}

function series(...layers: ExaminedLayer[]): ExaminedSeries {
  const members = times.map((name): ReadMember => {
    const member = { name, uri: name, changed: 0 };
    return { member, layers: [], problem: undefined, notes: [] };
  });
  return { members, layers, areRanks: false };
}

describe('verdictOf', () => {
  it('names the layer, the step, the finding, and how many more there are', () => {
    const layers = [layer('bn2', [[], [dead], [dead]]), layer('bn1', [[], [], [dead]])];
    expect(verdictOf(series(...layers), times)).toEqual({
      severity: 'warning',
      text: 'bn2 went bad first, from step 2 on: dead-gamma. Gamma of channel 2 is 0. 1 more layer has findings.',
    });
  });

  it('says what is gone again', () => {
    expect(verdictOf(series(layer('bn1', [[dead], [dead], []])), times).text).toBe(
      'Nothing wrong is left in the last checkpoint; bn1 had dead-gamma from the first checkpoint (step 1) until before step 3. Gamma of channel 2 is 0.',
    );
  });

  it('is healthy where nothing was found', () => {
    expect(verdictOf(series(layer('bn1', [[], [], []])), times)).toEqual({
      severity: 'healthy',
      text: 'Nothing wrong found in any layer of 3 checkpoints.',
    });
  });
});

describe('describeLayer', () => {
  it('tells when what began, and the fix', () => {
    const { worst, onsets } = describeLayer(layer('bn', [[], [dead], [dead]]), times);
    expect(worst).toBe('warning');
    expect(onsets).toEqual([
      {
        id: 'dead-gamma',
        severity: 'warning',
        member: 1,
        lasts: true,
        when: 'from step 2 on',
        message: dead.message,
        fix: dead.fix,
      },
    ]);
  });
});

describe('orderSentence', () => {
  it.each([
    [{ by: 'step', steps: [1, 2] }, 2, 'Ordered by the step in their names.'],
    [{ by: 'step', steps: undefined }, 4, 'Ordered by the numbers in their names.'],
    [
      { by: 'date', steps: undefined },
      2,
      /^Ordered by when they were written, as there is no step/,
    ],
    [{ by: 'date', steps: undefined }, 1, ''],
  ] as const)('says what %j of %i is', (order, count, sentence) => {
    expect(orderSentence(order, count)).toMatch(sentence);
  });
});

describe('someNotes', () => {
  it('counts what is too much to read', () => {
    const notes = Array.from({ length: 25 }, (_, i) => `${i}`);
    expect(someNotes(notes).slice(19)).toEqual(['19', 'And 5 more of this kind.']);
    expect(someNotes(notes.slice(5))).toHaveLength(20);
  });
});
