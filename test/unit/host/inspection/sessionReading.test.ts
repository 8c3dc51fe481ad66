import { describe, expect, it, vi } from 'vitest';
import { act, flags, missing, openSession, seedText, viewOf } from './openSession';

describe('reading the source of an inspection', () => {
  it('can be told to stop reading, the first step included, and to read again', async () => {
    for (const method of ['open', 'step']) {
      const opened = await openSession('{"input": [[1, 2], [3]]}');
      const { session, source, engine, states } = opened;
      source.text = seedText;
      engine.requests.length = 0;
      const reading = session.refresh();
      while (!engine.requests.includes(method)) {
        await new Promise(resolve => setImmediate(resolve));
      }
      session.cancelReading();
      await reading;
      await session.settled();
      expect(session.state).toMatchObject({
        kind: 'failed',
        problem: {
          code: 'cancelled-by-user',
          message: expect.stringContaining('read it again') as string,
        },
      });
      await session.refresh();
      await session.settled();
      expect(viewOf(opened).banner).toBeNull();
      // Nothing is being read.
      const { length } = states;
      session.cancelReading();
      expect(states).toHaveLength(length);
      session.dispose();
    }
  });

  it('says that it is reading again where it takes long, rather than what was wrong', async () => {
    const { session, source, states } = await openSession('{"input": [[1, 2], [3]]}');
    let goOn: () => void = () => undefined;
    const { read } = source;
    source.read = async (...of) => {
      await new Promise<void>(resolve => (goOn = resolve));
      return read(...of);
    };
    const reading = session.refresh();
    await expect.poll(() => session.state.kind).toBe('loading');
    goOn();
    await reading;
    expect(states.at(-1)?.kind).toBe('failed');
  });

  it('keeps the result where reading it anew is cancelled', async () => {
    const opened = await openSession();
    const reading = opened.session.refresh();
    opened.session.cancelReading();
    await reading;
    await opened.session.settled();
    expect(viewOf(opened)).toMatchObject({
      busy: false,
      banner: { problem: { code: 'cancelled-by-user' }, again: true },
    });
  });

  it('does not read anew at every edit what was cancelled or cannot be read', async () => {
    for (const problem of [undefined, missing.ok ? undefined : missing.problem]) {
      const opened = await openSession();
      const { session, source } = opened;
      source.problem = problem;
      const reading = session.refresh();
      if (!problem) session.cancelReading();
      await reading;
      const read = vi.spyOn(source, 'read');
      await act(opened, flags(true, false));
      expect(read).not.toHaveBeenCalled();
      expect(viewOf(opened).flags.flags).toEqual({ training: true, trainable: false });
    }
  });

  it('reads anew at an edit what was refused as it was', async () => {
    const text = '{"convention": "pytorch", "training": true, "input": [[1, 2], [3, 4]]}';
    const opened = await openSession(text);
    opened.source.text = text.replace(', [3, 4]', '');
    await opened.session.refresh();
    expect(viewOf(opened).banner?.problem.severity).toBe('error');
    await act(opened, flags(false, true));
    expect(viewOf(opened)).toMatchObject({ banner: null, identity: { shape: [1, 2] } });
  });
});
