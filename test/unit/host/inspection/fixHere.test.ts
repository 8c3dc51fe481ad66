import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FixedView } from '../../../../src/protocol/panel';
import { parseSavedInspection } from '../../../../src/host/inspection/saved';
import { act, flags, openSession, seedText, viewOf, type Opened } from './openSession';

const sample = (id: string): string => readFileSync(`media/samples/findings/${id}.bn.json`, 'utf8');

const ids = (opened: Opened): string[] => viewOf(opened).findings.map(({ id }) => id);

function fixedOf(opened: Opened): FixedView {
  return viewOf(opened).fixed ?? expect.fail('no fix is shown');
}

describe('a fix that is applied to an inspection', () => {
  it.each([
    ['drift', 'moving mean and moving variance of channel 3'],
    ['epsilon-matters', 'epsilon 1e-5'],
    ['flags-meaning', 'training off, trainable off'],
    ['momentum-meaning', 'momentum 0.01'],
    ['negative-variance', 'moving variance of channel 1'],
    ['non-finite-output', 'epsilon 0.001'],
    ['non-finite-statistics', 'moving mean and moving variance of channel 2'],
    ['never-updated', 'moving mean and moving variance of 4 channels'],
    ['few-updates', 'moving mean and moving variance of 4 channels'],
    ['zero-moving-variance', 'moving variance of channel 1'],
    ['fix-gamma', 'gamma of 3 channels'],
    ['single-value', 'training off, trainable on'],
    ['few-values', 'training off, trainable on'],
    ['ambiguous-axis', 'channels on axis 2'],
  ])('of %s says what it sets, and undo takes it back whole', async (id, fix) => {
    const opened = await openSession(sample(id));
    const before = viewOf(opened);
    expect(before.findings.find(finding => finding.id === id)?.fixHere).toBe(fix);
    expect(before.fixed).toBeNull();
    await act(opened, { kind: 'fixHere', finding: id });
    expect(fixedOf(opened)).toMatchObject({ finding: id, fix });
    await act(opened, { kind: 'undo' });
    const after = viewOf(opened);
    expect(after.fixed).toBeNull();
    expect(after.flags).toEqual({ ...before.flags, redo: after.flags.redo });
    expect(after.channels.rows).toEqual(before.channels.rows);
    expect(after.findings).toEqual(before.findings);
    await act(opened, { kind: 'redo' });
    expect(fixedOf(opened).fix).toBe(fix);
  });

  it('mends what it is for, and has the output before and after', async () => {
    const opened = await openSession(sample('drift'));
    const { outputMean } = viewOf(opened).channels.rows;
    await act(opened, { kind: 'fixHere', finding: 'drift' });
    expect(ids(opened)).not.toContain('drift');
    const { mended, effect } = fixedOf(opened);
    expect(mended).toBe(true);
    expect(effect.channels).toEqual([3]);
    const mean = effect.columns.find(({ label }) => label === 'output mean');
    expect(mean?.before[0]).toBe(outputMean[3]);
    // The batch at its own statistics has beta as its mean.
    expect(mean?.after[0]).toBeCloseTo(0.5, 5);
  });

  it('is shown only while it is what led to what is shown', async () => {
    const opened = await openSession(sample('drift'));
    await act(opened, { kind: 'fixHere', finding: 'drift' });
    await act(opened, flags(true, true));
    expect(viewOf(opened).fixed).toBeNull();
    await act(opened, flags(false, true));
    expect(viewOf(opened).fixed).not.toBeNull();
    expect(opened.session.fixed?.finding).toBe('drift');
    await act(opened, { kind: 'setEpsilon', value: 0.5 });
    expect(viewOf(opened).fixed).toBeNull();
    expect(opened.session.fixed).toBeUndefined();
    await act(opened, { kind: 'undo' });
    expect(viewOf(opened).fixed).not.toBeNull();
    const changed = sample('drift').replace(/("input": \[\s*\[\s*)-?[\d.]+/, '$177');
    expect(changed).not.toBe(sample('drift'));
    opened.source.text = changed;
    await opened.session.refresh();
    await opened.session.settled();
    expect(viewOf(opened).fixed).toBeNull();
  });

  it('has nothing to set beside it where the edit before it is not on screen yet', async () => {
    const opened = await openSession(sample('drift'));
    const edit = opened.session.act({ kind: 'setEpsilon', value: 0.5 });
    const fix = opened.session.act({ kind: 'fixHere', finding: 'drift' });
    expect([(await edit).ok, (await fix).ok]).toEqual([true, true]);
    await opened.session.settled();
    expect(viewOf(opened).fixed).toBeNull();
    expect(ids(opened)).not.toContain('drift');
    await act(opened, { kind: 'undo' });
    expect(viewOf(opened).flags).toMatchObject({ epsilon: 0.5, undo: 'the change of epsilon' });
  });

  it('leaves flags that were set after it where undo takes another thing back', async () => {
    const opened = await openSession(sample('flags-meaning'));
    await act(opened, { kind: 'fixHere', finding: 'flags-meaning' });
    expect(viewOf(opened).flags).toMatchObject({ undo: 'training off, trainable off' });
    const saved = parseSavedInspection(JSON.parse(JSON.stringify(opened.session.save())));
    const reopened = await openSession(sample('flags-meaning'), { id: 'kept', saved: saved! });
    await act(reopened, { kind: 'undo' });
    expect(viewOf(reopened).flags.flags).toEqual({ training: true, trainable: false });
  });
});

describe('a fix that cannot be applied here', () => {
  it('is not offered, and the problem says what to do instead', async () => {
    const opened = await openSession(sample('non-finite-input'));
    const finding = viewOf(opened).findings.find(({ id }) => id === 'non-finite-input');
    expect(finding?.fixHere).toBe('');
    const refused = await opened.session.act({ kind: 'fixHere', finding: 'non-finite-input' });
    expect(refused.ok ? '' : refused.problem.message).toBe(
      `The fix of non-finite-input is not one of the inspection: ${finding?.fix ?? ''}`,
    );
    expect(viewOf(opened).flags.undo).toBe('');
  });

  it('is not offered where it changes nothing: the axis is assumed right already', async () => {
    const opened = await openSession(sample('wrong-axis'));
    expect(viewOf(opened).findings.find(({ id }) => id === 'wrong-axis')?.fixHere).toBe('');
  });

  it('is a problem where there is no such finding', async () => {
    const refused = await (
      await openSession(seedText)
    ).session.act({
      kind: 'fixHere',
      finding: 'drift',
    });
    expect(refused.ok ? '' : refused.problem.code).toBe('no-such-finding');
  });
});
