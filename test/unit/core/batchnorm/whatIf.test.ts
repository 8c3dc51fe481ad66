import { describe, expect, it } from 'vitest';
import type { Known } from '../../../../src/core/batchnorm/diagnose/finding';
import { diagnose } from '../../../../src/core/batchnorm/diagnose/registry';
import { redo, undo } from '../../../../src/core/batchnorm/history';
import {
  openInspection,
  setFlags,
  type Inspection,
  type ParameterChange,
} from '../../../../src/core/batchnorm/inspection';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import { describeFix, tryFix, type WhatIf } from '../../../../src/core/batchnorm/whatIf';
import type { Tensor } from '../../../../src/core/tensor/tensor';
import { convention, tensor, unwrap } from './seed';

const vector = (...values: number[]): Float64Array => Float64Array.from(values);
const input: Tensor = tensor(
  [32, 4],
  Array.from({ length: 128 }, (_, i) => 1 + (i % 4) + (i % 8 < 4 ? -1 : 1)),
);

function open(statement: Statement, shape = input.shape): Inspection {
  return unwrap(openInspection(statement, shape, convention('keras3')));
}

function known(inspection: Inspection): Known {
  const { shape, flags, statement, present } = inspection;
  const { trace } = unwrap(step(present.layer, input, flags));
  return { layer: present.layer, rank: shape.length, shape, flags, trace, stated: statement };
}

const change = (parameter: 'gamma' | 'beta'): ParameterChange => ({
  parameter,
  channels: [0, 3],
  values: [1, 1],
});

const fixOf = (inspection: Inspection, id: string): WhatIf | undefined =>
  diagnose(known(inspection)).find(finding => finding.id === id)?.whatIf;

/** Statements in which a rule fires, and which its fix mends. */
const mended: Readonly<Record<string, Statement>> = {
  drift: {
    parameters: { movingMean: vector(9, 2, 3, 4), movingVariance: vector(1, 1, 1, 1.1) },
  },
  'negative-variance': {
    epsilon: 1e-3,
    parameters: { movingMean: vector(1, 2, 3, 4), movingVariance: vector(1, 1, -9.999e-4, 1) },
  },
  'momentum-meaning': { momentum: 0.1, parameters: {} },
  'fix-gamma': { convention: 'mxnet', parameters: { gamma: vector(1, 2, 1, 1) } },
  'flags-meaning': { training: true, trainable: false, parameters: {} },
  'undivided-sums': {
    convention: 'caffe',
    parameters: {
      movingMean: vector(1000, 2000, 3000, 4000),
      movingVariance: vector(1000, 1000, 1000, 1000),
    },
  },
};

describe('a fix', () => {
  it.each(Object.keys(mended))('of %s mends it, and undo takes it back', id => {
    const before = open(mended[id] ?? { parameters: {} });
    const fix = fixOf(before, id);
    if (!fix) throw new Error(`${id} does not fire`);
    const after = unwrap(tryFix(before, fix));
    expect(fixOf(after, id)).toBeUndefined();
    expect(diagnose(known(after)).map(finding => finding.id)).not.toContain(id);
    const { present, flags, past } = undo(after);
    expect({ present, flags, past }).toEqual({
      present: before.present,
      flags: before.flags,
      past: [],
    });
    const again = redo(undo(after));
    expect([again.present, again.flags]).toEqual([after.present, after.flags]);
  });

  it('of flags alone takes flags back: those set since are, by no other undo', () => {
    const before = open({ training: true, trainable: false, parameters: {} });
    const fixed = unwrap(tryFix(before, fixOf(before, 'flags-meaning')!));
    const edited = unwrap(tryFix(fixed, { kind: 'epsilon', epsilon: 0.5 }));
    const toggled = setFlags(edited, { training: true, trainable: true });
    expect(undo(toggled).flags).toEqual({ training: true, trainable: true });
    expect(undo(undo(toggled)).flags).toEqual(before.flags);
    expect(tryFix(fixed, { kind: 'flags', flags: fixed.flags })).toEqual({
      ok: true,
      value: fixed,
    });
  });

  it('changes nothing of the inspection that it is tried on', () => {
    const before = open(mended.drift ?? { parameters: {} });
    const fix = fixOf(before, 'drift');
    const after = unwrap(tryFix(before, fix!));
    expect(before.present.layer.movingMean[0]).toBe(9);
    expect(after.present.layer.movingMean[0]).toBe(1);
    expect(after.present.edited).toEqual(['moving mean']);
  });

  it('of epsilon, convention and axis is the change that the panel has', () => {
    const before = open({ parameters: {} }, [4, 4, 4]);
    const epsilon = unwrap(tryFix(before, { kind: 'epsilon', epsilon: 1e-5 }));
    expect(epsilon.present.layer.epsilon).toBe(1e-5);
    const pytorch = unwrap(tryFix(before, { kind: 'convention', convention: 'pytorch' }));
    expect(pytorch.present.layer.convention.id).toBe('pytorch');
    expect(unwrap(tryFix(before, { kind: 'axis', axis: 1 })).present.layer.channelAxis).toBe(1);
  });

  it('that cannot be is a problem', () => {
    const before = open({ parameters: {} });
    expect(tryFix(before, { kind: 'convention', convention: 'none' }).ok).toBe(false);
    expect(tryFix(before, { kind: 'axis', axis: 7 }).ok).toBe(false);
    expect(tryFix(before, { kind: 'momentum', momentum: null }).ok).toBe(false);
  });

  it('is said in words', () => {
    const inspection = open(mended.drift ?? { parameters: {} });
    expect(describeFix(fixOf(inspection, 'drift')!)).toBe(
      'moving mean and moving variance of channel 0',
    );
    const both = { kind: 'parameters', changes: [change('gamma'), change('beta')] } as const;
    expect(describeFix(both)).toBe('gamma and beta of 2 channels');
    expect(describeFix({ kind: 'epsilon', epsilon: 1e-5 })).toBe('epsilon 1e-5');
    expect(describeFix({ kind: 'convention', convention: 'pytorch' })).toBe('the rules of PyTorch');
    const flags = { training: false, trainable: true };
    expect(describeFix({ kind: 'flags', flags })).toBe('training off, trainable on');
    expect(describeFix({ kind: 'momentum', momentum: 0.9 })).toBe('momentum 0.9');
  });
});
