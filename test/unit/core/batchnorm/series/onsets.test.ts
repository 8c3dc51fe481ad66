import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../../src/core/batchnorm/diagnose/finding';
import {
  firstGoneBadFirst,
  foremost,
  onsetsOf,
} from '../../../../../src/core/batchnorm/series/onsets';
import type { Severity } from '../../../../../src/core/problem';

function finding(id: string, severity: Severity): Finding {
  return { id, severity, message: '', channels: [], evidence: {}, fix: '', source: '' };
}
const dead = finding('dead-gamma', 'warning');
const nan = finding('non-finite-statistics', 'error');
const note = finding('few-updates', 'note');

describe('onsetsOf', () => {
  it('tells what began when, the earliest first, and notes not at all', () => {
    const onsets = onsetsOf([[note], [dead], [nan, dead], [nan, dead]]);
    expect(onsets.map(({ id, member, goneAt }) => [id, member, goneAt])).toEqual([
      ['dead-gamma', 1, undefined],
      ['non-finite-statistics', 2, undefined],
    ]);
  });

  it('puts the worst of one checkpoint first', () => {
    expect(onsetsOf([[dead, nan]]).map(({ id }) => id)).toEqual([nan.id, dead.id]);
  });

  it('knows what is gone again, for good', () => {
    expect(onsetsOf([[dead], [], [dead], []])[0]).toMatchObject({ member: 0, goneAt: 3 });
  });

  it('does not take a checkpoint without the layer for a sound one', () => {
    expect(onsetsOf([[], [dead], undefined])[0]?.goneAt).toBeUndefined();
  });
});

describe('foremost', () => {
  it('is what lasts before what is gone', () => {
    expect(foremost(onsetsOf([[dead], [], [nan]]))?.id).toBe(nan.id);
    expect(foremost(onsetsOf([[dead], []]))?.id).toBe(dead.id);
    expect(foremost([])).toBeUndefined();
  });
});

describe('firstGoneBadFirst', () => {
  it('puts the layer that went bad first first', () => {
    const layers = [
      [[], [], []],
      [[], [], [dead]],
      [[nan], [], []],
      [[], [dead], [dead]],
      [[], [nan], [nan]],
    ];
    // Of one checkpoint the error before the warning; what is gone again before what never was.
    expect(firstGoneBadFirst(layers.map(onsetsOf))).toEqual([4, 3, 1, 2, 0]);
  });

  it('keeps the order of the file among equals', () => {
    expect(firstGoneBadFirst([[[dead]], [[]], [[dead]]].map(onsetsOf))).toEqual([0, 2, 1]);
  });
});
