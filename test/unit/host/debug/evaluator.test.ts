import { describe, expect, it } from 'vitest';
import { readElements } from '../../../../src/host/debug/evaluator';
import type { PausedFrame } from '../../../../src/host/debug/frames';
import { request, type Evaluates } from '../../../../src/host/debug/requests';

type Evaluation = (code: string, context: string) => string;

/** A paused frame whose adapter answers so, and the evaluations that it was asked for. */
function frameOf(answer: Evaluation): { at: PausedFrame; asked: string[] } {
  const asked: string[] = [];
  const session: Evaluates = {
    type: 'test',
    customRequest: (_command: string, given: unknown) => {
      const { expression, context } = given as { expression: string; context: string };
      asked.push(`${context}: ${expression}`);
      return new Promise(resolve => resolve({ result: answer(expression, context) }));
    },
  };
  const language = { read: (expression: string) => expression };
  const at = { session, language, frame: { id: 1 } } as unknown as PausedFrame;
  return { at, asked };
}

const refuse = (words: string): never => {
  throw new Error(words);
};

const read = (at: PausedFrame, expression: string): ReturnType<typeof readElements> =>
  readElements(at, expression, 0, 1, { limit: 1000 });

describe('waiting', () => {
  const never = { type: 'test', customRequest: () => new Promise(() => undefined) } as Evaluates;

  it('ends with its limit, and names the setting only where that is the limit', async () => {
    const late = await request(never, 'evaluate', {}, { limit: 20 });
    expect(late.ok ? '' : late.problem.message).toBe(
      'The debugger did not answer within 0 s: the program may be busy.',
    );
    const set = await request(never, 'evaluate', {}, { limit: 100, isSetting: true });
    expect(set.ok ? '' : set.problem.message).toMatch(/0\.1 s \(“normscope\.debug\.timeLimit”\)/);
  });

  it('ends when nobody waits any more, also without a limit', async () => {
    const stop = new AbortController();
    const asked = request(never, 'evaluate', {}, { limit: Infinity, signal: stop.signal });
    stop.abort();
    expect(await asked).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    const again = request(never, 'evaluate', {}, { limit: Infinity, signal: stop.signal });
    expect(await again).toMatchObject({ ok: false });
  });
});

describe('an evaluation', () => {
  it('is one request where the adapter answers', async () => {
    const { at, asked } = frameOf(() => "'h0102'");
    const bytes = await read(at, 'x');
    expect(bytes.ok && [...bytes.value]).toEqual([1, 2]);
    expect(asked).toEqual(['clipboard: x']);
  });

  it('that fails by itself is not done again in another context', async () => {
    const { at, asked } = frameOf(code =>
      code === "'h00'" ? "'h00'" : refuse('Traceback\nValueError: no'),
    );
    const answer = await read(at, 'pop()');
    expect(answer.ok ? '' : answer.problem.message).toBe(
      '“pop()” cannot be evaluated here: ValueError: no.',
    );
    expect(asked).toEqual(['clipboard: pop()', "clipboard: 'h00'"]);
    // The context is known from then on.
    await read(at, 'pop()');
    expect(asked.slice(2)).toEqual(['clipboard: pop()']);
  });

  it('goes to the next context where the adapter does not know the first', async () => {
    const { at, asked } = frameOf((_, context) =>
      context === 'clipboard' ? refuse('unknown context') : "'h07'",
    );
    const bytes = await read(at, 'pop()');
    expect(bytes.ok && [...bytes.value]).toEqual([7]);
    expect(asked).toEqual(['clipboard: pop()', "clipboard: 'h00'", 'watch: pop()']);
    await read(at, 'x');
    expect(asked.slice(3)).toEqual(['watch: x']);
  });

  it('that is cut is done again in another context only where it calls nothing', async () => {
    const cut = `'h${'0'.repeat(60)}...`;
    const { at, asked } = frameOf((_, context) => (context === 'clipboard' ? cut : "'h07'"));
    const called = await read(at, 'pop()');
    expect(called.ok ? '' : called.problem.code).toBe('debug-cut');
    expect(asked).toEqual(['clipboard: pop()']);
    const named = await read(at, 'x');
    expect(named.ok && [...named.value]).toEqual([7]);
    expect(asked.slice(1)).toEqual(['clipboard: x', 'watch: x']);
  });
});
