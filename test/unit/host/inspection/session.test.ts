import { describe, expect, it } from 'vitest';
import { parseSavedInspection } from '../../../../src/host/inspection/saved';
import type { InspectionAction } from '../../../../src/host/inspection/actions';
import { act, flags, lasting, missing, openSession, seedText, viewOf } from './openSession';

describe('an inspection of the seed', () => {
  it('shows the four flag combinations as the question has them', async () => {
    const opened = await openSession();
    const table = [
      [true, true, [1.5799985, 1.9369968, 2.7406712, -0.98354423], 0.03249997, 1.0791667],
      [true, false, [1.5799985, 1.9369968, 2.7406712, -0.98354423], 0, 1],
      [false, true, [8.996003, 10.995004, 18.991007, 1], 0, 1],
      [false, false, [8.996003, 10.995004, 18.991007, 1], 0, 1],
    ] as const;
    for (const [training, trainable, pixel, mean, variance] of table) {
      await act(opened, flags(training, trainable));
      const { channels, matrix } = viewOf(opened);
      expect(channels.rows.movingMeanAfter[0]).toBe(Math.fround(mean));
      expect(channels.rows.movingVarianceAfter[0]).toBe(Math.fround(variance));
      const current = matrix.columns[0]?.cells.find(cell => cell.current);
      expect(current?.result).toMatchObject({ kind: 'value' });
      const tensors = await opened.session.tensors.all();
      if (!tensors.ok) throw new Error(tensors.problem.message);
      pixel.forEach((value, c) => {
        expect(tensors.value.output[c]).toBeCloseTo(value, 5);
      });
    }
  });

  it('says in the notes where the answer contradicts itself', async () => {
    const notes = viewOf(await openSession()).identity.notes.join(' ');
    expect(notes).toContain('50209310');
    expect(notes).not.toContain('means nothing');
  });

  it('previews without committing, and commits with Step only', async () => {
    const opened = await openSession();
    await act(opened, flags(false, true));
    await act(opened, flags(true, true));
    expect(viewOf(opened).flags).toMatchObject({ steps: 0, undo: '', changed: false });
    await act(opened, { kind: 'step', count: 1 });
    const { channels, flags: shown } = viewOf(opened);
    expect(shown).toMatchObject({ steps: 1, undo: 'step 1', changed: true });
    expect(channels.rows.movingMeanBefore[0]).toBe(Math.fround(0.03249997));
    await act(opened, { kind: 'undo' });
    expect(viewOf(opened).flags).toMatchObject({ steps: 0, changed: false });
    expect(viewOf(opened).channels.rows.movingMeanBefore[0]).toBe(0);
  });

  it('redoes what was undone, and goes to any state, until something new is done', async () => {
    const opened = await openSession();
    const mean = (): number | undefined => viewOf(opened).channels.rows.movingMeanBefore[0];
    await act(opened, { kind: 'step', count: 1 });
    await act(opened, { kind: 'step', count: 3 });
    const four = mean();
    await act(opened, { kind: 'undo' });
    expect(viewOf(opened).flags).toMatchObject({ steps: 1, undo: 'step 1', redo: 'steps 2 to 4' });
    await act(opened, { kind: 'redo' });
    expect(viewOf(opened).flags).toMatchObject({ steps: 4, redo: '' });
    expect(mean()).toBe(four);
    await act(opened, { kind: 'goToState', index: 0 });
    expect(viewOf(opened).flags).toMatchObject({ steps: 0, redo: 'step 1', changed: false });
    const beyond = await opened.session.act({ kind: 'goToState', index: 3 });
    expect(beyond.ok ? '' : beyond.problem.message).toMatch(/no state 3/);
    await act(opened, { kind: 'setEpsilon', value: 0.5 });
    expect(viewOf(opened).flags).toMatchObject({ steps: 0, redo: '' });
  });

  it('runs k steps to the same place as k single ones', async () => {
    const one = await openSession();
    const many = await openSession();
    for (let k = 0; k < 5; k++) await act(one, { kind: 'step', count: 1 });
    await act(many, { kind: 'step', count: 5 });
    expect(viewOf(many).flags.steps).toBe(5);
    expect([...viewOf(many).channels.rows.movingMeanBefore]).toEqual([
      ...viewOf(one).channels.rows.movingMeanBefore,
    ]);
    expect(viewOf(many).flags.undo).toBe('steps 1 to 5');
  });

  it('ends with the flags asked for last, however fast they come', async () => {
    const opened = await openSession();
    const before = opened.states.length;
    const asked = Array.from({ length: 21 }, (_, k) =>
      opened.session.act(flags(k % 2 === 0, true)),
    );
    await Promise.all(asked);
    await opened.session.settled();
    expect(viewOf(opened).flags.flags).toEqual({ training: true, trainable: true });
    const shown = opened.states.slice(before);
    expect(shown.length).toBeLessThan(21);
    expect(shown.at(-1)).toBe(opened.session.state);
  });

  it('counts each of two toggles that come before the first is shown', async () => {
    const opened = await openSession();
    const before = opened.session.inspection?.flags.training;
    const toggle = { kind: 'toggleFlag', flag: 'training' } as const;
    const done = await Promise.all([opened.session.act(toggle), opened.session.act(toggle)]);
    await opened.session.settled();
    expect(done.every(({ ok }) => ok)).toBe(true);
    expect(opened.session.inspection?.flags.training).toBe(before);
    await act(opened, toggle);
    expect(opened.session.inspection?.flags.training).toBe(!before);
  });

  it('computes a toggle with one request', async () => {
    const opened = await openSession();
    opened.engine.requests.length = 0;
    await act(opened, flags(false, true));
    expect(opened.engine.requests).toEqual(['step']);
  });

  it('keeps edits and commits in the order they were asked for', async () => {
    const opened = await openSession();
    void opened.session.act({ kind: 'step', count: 3 });
    void opened.session.act({ kind: 'setParameter', parameter: 'gamma', channel: 1, value: 5 });
    await act(opened, { kind: 'step', count: 1 });
    const { flags: shown, channels } = viewOf(opened);
    expect(shown).toMatchObject({ steps: 4, edited: ['gamma[1]'] });
    expect([...channels.rows.gamma]).toEqual([2, 5, 2, 2]);
  });

  it('commits every single step, however fast they come', async () => {
    const opened = await openSession();
    const asked = [];
    for (let k = 0; k < 6; k++) {
      asked.push(opened.session.act({ kind: 'step', count: 1 }));
      await new Promise(resolve => setImmediate(resolve));
    }
    expect((await Promise.all(asked)).every(({ ok }) => ok)).toBe(true);
    await opened.session.settled();
    expect(viewOf(opened).flags.steps).toBe(6);
  });

  it('refuses what cannot be done, and changes nothing', async () => {
    const opened = await openSession();
    const before = opened.session.state;
    const refused: InspectionAction[] = [
      { kind: 'setEpsilon', value: -1 },
      { kind: 'setMomentum', value: 2 },
      { kind: 'setChannelAxis', axis: 7 },
      { kind: 'setConvention', id: 'theano' },
      { kind: 'setParameter', parameter: 'beta', channel: 4, value: 0 },
      { kind: 'selectChannel', channel: 4 },
      { kind: 'selectElement', index: [0, 2, 0, 0] },
      { kind: 'step', count: 1_000_000_000 },
    ];
    for (const action of refused) {
      const done = await opened.session.act(action);
      expect(done.ok, action.kind).toBe(false);
    }
    expect(opened.session.state).toBe(before);
  });

  it('follows a selection with the matrix and the formula', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'selectElement', index: [0, 1, 0, 2] });
    const { matrix, formula, channels } = viewOf(opened);
    expect(matrix).toMatchObject({ channel: 2, element: [0, 1, 0, 2], input: 6 });
    expect(formula.channel).toBe(2);
    expect(channels.selected).toBe(2);
  });

  it('does nothing once it is closed, and says so', async () => {
    const { session, engine } = await openSession();
    session.dispose();
    engine.requests.length = 0;
    const done = await session.act(flags(false, true));
    expect(done).toMatchObject({ ok: false, problem: { code: 'inspection-closed' } });
    await session.settled();
    expect(engine.requests).toEqual([]);
  });

  it('leaves no tensor behind', async () => {
    // tfjs counts tensors for the whole process.
    const idle = await openSession();
    idle.session.dispose();
    const before = await idle.engine.tensors();
    const { session, engine, source } = await openSession();
    expect(await engine.tensors()).toBeGreaterThan(before);
    await session.act(flags(false, false));
    await session.refresh();
    source.text = '[[1, 2], [3]]';
    await session.refresh();
    await session.settled();
    session.dispose();
    expect(await engine.tensors()).toBe(before);
  });
});

describe('following the source', () => {
  it('takes in an edited input and keeps steps and what-ifs', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'setEpsilon', value: 0.01 });
    await act(opened, { kind: 'step', count: 2 });
    opened.source.text = seedText.replace('[4, 5, 9, 0]', '[8, 5, 9, 0]');
    await opened.session.refresh();
    const { flags: shown, channels } = viewOf(opened);
    expect(shown).toMatchObject({ steps: 2, epsilon: 0.01, edited: ['epsilon'] });
    expect(channels.rows.batchMean[0]).toBe(4.25);
  });

  it('starts over where the source states another layer, and says so', async () => {
    const opened = await openSession();
    const notices: string[] = [];
    opened.session.onNotice(notice => notices.push(notice));
    await act(opened, { kind: 'step', count: 2 });
    opened.source.text = seedText.replace('"gamma": [2, 2', '"gamma": [3, 2');
    await opened.session.refresh();
    const view = viewOf(opened);
    expect(view.flags).toMatchObject({ steps: 0, changed: false });
    expect(notices).toHaveLength(1);
    expect(view.identity.notes[0]).toBe(notices[0]);
  });

  it('keeps the last good result while the text is broken, with the place, and recovers', async () => {
    const opened = await openSession();
    const good = viewOf(opened).channels.rows;
    opened.source.text = seedText.replace('[4, 5, 9, 0]', '[4, 5, 9]');
    await opened.session.refresh();
    const broken = viewOf(opened);
    expect(broken.banner?.problem.code).toBe('row-ragged');
    expect(broken.banner?.place).toMatch(/^offset \d+$/);
    expect(broken.channels.rows.batchMean).toEqual(good.batchMean);
    // Still usable meanwhile.
    await act(opened, flags(false, true));
    expect(viewOf(opened).verdict.normalizedWith).toBe('moving');
    expect(viewOf(opened).banner?.problem.code).toBe('row-ragged');
    opened.source.text = seedText;
    await opened.session.refresh();
    expect(viewOf(opened).banner).toBeNull();
  });

  it('keeps the result of a file that was deleted', async () => {
    const opened = await openSession();
    if (!missing.ok) opened.source.problem = missing.problem;
    await opened.session.refresh();
    expect(viewOf(opened).banner?.problem.code).toBe('source-missing');
  });

  it('takes the newest text when edits come faster than results', async () => {
    const opened = await openSession();
    for (let k = 0; k < 8; k++) {
      opened.source.text = seedText.replace('[4, 5, 9, 0]', `[${k}, 5, 9, 0]`);
      void opened.session.refresh();
    }
    await opened.session.refresh();
    await opened.session.settled();
    expect(viewOf(opened).channels.rows.batchMean[0]).toBe(4);
    expect(viewOf(opened).matrix.input).toBe(7);
  });

  it('is settled only when what it is reading is on screen', async () => {
    const opened = await openSession();
    opened.source.text = seedText.replace('[4, 5, 9, 0]', '[8, 5, 9, 0]');
    void opened.session.refresh();
    await opened.session.settled();
    expect(viewOf(opened).matrix.input).toBe(8);
  });

  it('shows a failed state where nothing could be read yet', async () => {
    const { session } = await openSession('{"input": [[1, 2], [3]]}');
    expect(session.state).toMatchObject({
      kind: 'failed',
      title: 'Cannot inspect seed.bn.json',
      problem: { code: 'row-ragged' },
    });
  });
});

describe('an engine that stops', () => {
  it('shows the element that was selected while the preview read another', async () => {
    const opened = await openSession();
    opened.engine.restart();
    opened.engine.requests.length = 0;
    void opened.session.act(flags(false, true));
    while (!opened.engine.requests.includes('read')) {
      await new Promise(resolve => setImmediate(resolve));
    }
    await act(opened, { kind: 'selectElement', index: [0, 0, 1, 1] });
    expect(viewOf(opened).matrix).toMatchObject({ element: [0, 0, 1, 1], input: 8 });
  });

  it('lets the last good result be looked at where the source is gone with it', async () => {
    const opened = await openSession();
    opened.engine.restart();
    if (!missing.ok) opened.source.problem = missing.problem;
    await act(opened, flags(false, true));
    expect(viewOf(opened).banner?.problem.code).toBe('source-missing');
    await act(opened, { kind: 'selectChannel', channel: 2 });
    expect(viewOf(opened).channels.selected).toBe(2);
  });

  it('reads a source of another shape anew, and leaves no tensor of it behind', async () => {
    const opened = await openSession('{"input": [[1, 2], [3, 4], [5, 7]], "axis": 1}');
    const before = await opened.engine.tensors();
    opened.engine.restart();
    opened.source.text = '{"input": [[1, 2, 3], [4, 5, 7]], "axis": 1}';
    await act(opened, flags(false, true));
    expect(viewOf(opened).identity.shape).toEqual([2, 3]);
    opened.session.dispose();
    expect(await opened.engine.tensors()).toBe(before);
  });

  it('loses nothing that the user set', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'setParameter', parameter: 'beta', channel: 0, value: 7 });
    await act(opened, { kind: 'step', count: 2 });
    opened.engine.restart();
    await act(opened, flags(false, true));
    expect(viewOf(opened)).toMatchObject({
      banner: null,
      flags: { steps: 2, flags: { training: false }, edited: ['beta[0]'] },
    });
    await act(opened, { kind: 'step', count: 1 });
    expect(viewOf(opened).flags.steps).toBe(3);
  });

  it('still reads an element and all elements', async () => {
    const opened = await openSession();
    opened.engine.restart();
    await act(opened, { kind: 'selectElement', index: [0, 0, 1, 1] });
    expect(viewOf(opened).matrix.input).toBe(8);
    opened.engine.restart();
    const tensors = await opened.session.tensors.all();
    expect(tensors.ok && tensors.value.input[5]).toBe(8);
  });

  it('leaves no tensor in the next one, however it came to be read again', async () => {
    const select: InspectionAction = { kind: 'selectElement', index: [0, 0, 1, 1] };
    const toggle = flags(false, true);
    for (const actions of [[select], [toggle], [select, toggle]]) {
      const opened = await openSession();
      // Engines of one process share tfjs: these count on when theirs is gone.
      const before = await opened.engine.tensors();
      opened.engine.restart();
      for (const action of actions) await act(opened, action);
      expect(viewOf(opened).banner).toBeNull();
      expect(await opened.engine.tensors()).toBeGreaterThan(before);
      opened.session.dispose();
      expect(await opened.engine.tensors()).toBe(before);
    }
  });
});

describe('restoring after a reload', () => {
  it('brings back source, flags, what-ifs, history and selection', async () => {
    const before = await openSession();
    await act(before, { kind: 'setParameter', parameter: 'gamma', channel: null, value: NaN });
    await act(before, { kind: 'step', count: 3 });
    await act(before, { kind: 'setConvention', id: 'pytorch' });
    await act(before, flags(false, false));
    await act(before, { kind: 'selectChannel', channel: 3 });
    const text: unknown = JSON.parse(JSON.stringify(before.session.save()));
    const saved = parseSavedInspection(text);
    if (!saved) throw new Error('nothing was saved');
    const after = await openSession(seedText, { id: before.session.id, saved });
    expect(after.session.id).toBe(before.session.id);
    expect(lasting(viewOf(after))).toEqual(lasting(viewOf(before)));
    await act(after, { kind: 'undo' });
    await act(before, { kind: 'undo' });
    expect(viewOf(after).flags).toEqual(viewOf(before).flags);
  });

  it('starts over, and says so, where the file has changed meanwhile', async () => {
    const before = await openSession();
    await act(before, { kind: 'step', count: 3 });
    const saved = parseSavedInspection(JSON.parse(JSON.stringify(before.session.save())));
    if (!saved) throw new Error('nothing was saved');
    const changed = seedText.replace('"epsilon": 0.001', '"epsilon": 0.1');
    const after = await openSession(changed, { id: 'kept', saved });
    expect(viewOf(after).flags).toMatchObject({ steps: 0, epsilon: 0.1 });
    expect(viewOf(after).identity.notes[0]).toContain('started over');
  });
});
