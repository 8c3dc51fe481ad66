import { describe, expect, it } from 'vitest';
import { openSession, seedText, viewOf } from './openSession';

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
});
