import { describe, expect, it } from 'vitest';
import { fail, ok, type Problem, type Result } from '../../../src/core/problem';
import {
  cancelled,
  connect,
  createClient,
  moved,
  serve,
  type Port,
} from '../../../src/protocol/rpc';

interface ArithmeticApi {
  add(argument: { readonly a: number; readonly b: number }): Promise<Result<number>>;
  divide(argument: { readonly a: number; readonly b: number }): Promise<Result<number>>;
  explode(argument: null): Promise<Result<null>>;
  unsendable(argument: null): Promise<Result<unknown>>;
  wait(argument: null): Promise<Result<string>>;
  bytes(length: number): Promise<Result<Uint8Array>>;
}

interface Sent {
  readonly message: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

/** Two ports that structured-clone what is posted and deliver it later, as real channels do. */
function channel(): { readonly a: Port; readonly b: Port; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()];
  const port = (own: number): Port => ({
    post: (message, transfer = []) => {
      const copy: unknown = structuredClone(message, { transfer: [...transfer] });
      sent.push({ message: copy, transfer });
      queueMicrotask(() => ends[1 - own]?.forEach(listener => listener(copy)));
    },
    listen: listener => {
      ends[own]?.add(listener);
      return () => void ends[own]?.delete(listener);
    },
  });
  return { a: port(0), b: port(1), sent };
}

interface Served {
  readonly logged: string[];
  readonly waiting: { readonly signal: AbortSignal; readonly finish: (text: string) => void }[];
  readonly stop: () => void;
}

function serveArithmetic(port: Port): Served {
  const logged: string[] = [];
  const waiting: Served['waiting'] = [];
  const stop = serve<ArithmeticApi>(
    port,
    {
      add: ({ a, b }) => ok(a + b),
      divide: async ({ a, b }) =>
        b === 0 ? fail('by-zero', 'Divide by something else.') : Promise.resolve(ok(a / b)),
      explode: () => {
        throw new Error('secret path /home/me');
      },
      unsendable: () => ok(() => 0),
      wait: (_, signal) =>
        new Promise(resolve => {
          waiting.push({ signal, finish: text => resolve(ok(text)) });
        }),
      bytes: length => {
        const bytes = new Uint8Array(length).fill(7);
        return ok(moved(bytes, [bytes.buffer]));
      },
    },
    { log: (error, method) => logged.push(`${method}: ${String(error)}`) },
  );
  return { logged, waiting, stop };
}

/** Lets everything on its way arrive. */
function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

function problemOf(result: Result<unknown>): Problem {
  return result.ok ? expect.fail('expected a problem') : result.problem;
}

describe('a call', () => {
  it('is answered with the value, or with the problem that the handler gave', async () => {
    const { a, b } = channel();
    serveArithmetic(b);
    const client = createClient<ArithmeticApi>(a);
    expect(await client.add({ a: 2, b: 3 })).toEqual(ok(5));
    expect(problemOf(await client.divide({ a: 1, b: 0 })).code).toBe('by-zero');
    expect(await Promise.all([1, 2, 3].map(n => client.add({ a: n, b: n })))).toEqual(
      [2, 4, 6].map(ok),
    );
  });

  it('of a handler that throws is the problem internal: the log gets the error, the caller does not', async () => {
    const { a, b } = channel();
    const { logged } = serveArithmetic(b);
    const problem = problemOf(await createClient<ArithmeticApi>(a).explode(null));
    expect(problem.code).toBe('internal');
    expect(problem.message).not.toContain('secret');
    expect(logged).toEqual(['explode: Error: secret path /home/me']);
  });

  it('whose value cannot be sent is answered all the same', async () => {
    const { a, b } = channel();
    const { logged } = serveArithmetic(b);
    expect(problemOf(await createClient<ArithmeticApi>(a).unsendable(null)).code).toBe('internal');
    expect(logged).toHaveLength(1);
  });

  it('whose argument cannot be sent does not reject', async () => {
    const { a } = channel();
    const logged: unknown[] = [];
    const client = createClient<ArithmeticApi>(a, { log: error => logged.push(error) });
    const argument = (() => 0) as unknown as null;
    expect(problemOf(await client.wait(argument)).code).toBe('internal');
    expect(logged).toHaveLength(1);
  });

  it.each(['nothing', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'of a method that is not there (%s) is answered with a problem',
    async method => {
      const { a, b } = channel();
      serveArithmetic(b);
      const client = createClient<Record<string, (argument: null) => Promise<Result<null>>>>(a);
      const problem = problemOf((await client[method]?.(null)) ?? expect.fail('no such call'));
      expect(problem.message).toContain(method);
    },
  );

  it('moves the buffers that it is told to, both ways', async () => {
    const { a, b, sent } = channel();
    serveArithmetic(b);
    const client = createClient<ArithmeticApi>(a);
    const answer = await client.bytes(5);
    expect(answer).toEqual(ok(new Uint8Array(5).fill(7)));
    expect(sent.at(-1)?.transfer).toHaveLength(1);
    const mine = new Float32Array(4);
    const argument = { a: 1, b: 2, mine };
    await client.add(argument, { transfer: [mine.buffer] });
    expect(mine.byteLength).toBe(0);
  });

  it('can be awaited through a client that was itself awaited', async () => {
    const { a, b } = channel();
    serveArithmetic(b);
    const client = await Promise.resolve(createClient<ArithmeticApi>(a));
    expect(await client.add({ a: 1, b: 1 })).toEqual(ok(2));
  });
});

describe('both ends at once', () => {
  it('each is client and server, with ids of its own', async () => {
    const { a, b } = channel();
    serveArithmetic(a);
    serveArithmetic(b);
    const [fromA, fromB] = [createClient<ArithmeticApi>(a), createClient<ArithmeticApi>(b)];
    const results = await Promise.all([fromA.add({ a: 1, b: 1 }), fromB.add({ a: 2, b: 2 })]);
    expect(results).toEqual([ok(2), ok(4)]);
  });
});

describe('a caller that gives up', () => {
  it('gets cancelled at once, and the handler hears of it', async () => {
    const { a, b } = channel();
    const { waiting } = serveArithmetic(b);
    const controller = new AbortController();
    const call = createClient<ArithmeticApi>(a).wait(null, { signal: controller.signal });
    await settle();
    expect(waiting[0]?.signal.aborted).toBe(false);
    controller.abort();
    expect(problemOf(await call)).toEqual(cancelled);
    await settle();
    expect(waiting[0]?.signal.aborted).toBe(true);
  });

  it('before it called sends nothing', async () => {
    const { a, sent } = channel();
    const result = await createClient<ArithmeticApi>(a).wait(null, {
      signal: AbortSignal.abort(),
    });
    expect(problemOf(result)).toEqual(cancelled);
    expect(sent).toEqual([]);
  });

  it('leaves a late answer to whoever gives back what is in it', async () => {
    const { a, b } = channel();
    const { waiting } = serveArithmetic(b);
    const late: unknown[] = [];
    const client = createClient<ArithmeticApi>(a, {
      abandoned: (method, result) => late.push([method, result]),
    });
    const controller = new AbortController();
    const call = client.wait(null, { signal: controller.signal });
    await settle();
    controller.abort();
    await call;
    waiting[0]?.finish('a handle');
    await settle();
    expect(late).toEqual([['wait', ok('a handle')]]);
  });

  it('after the answer changes nothing', async () => {
    const { a, b, sent } = channel();
    serveArithmetic(b);
    const controller = new AbortController();
    await createClient<ArithmeticApi>(a).add({ a: 1, b: 2 }, { signal: controller.signal });
    const before = sent.length;
    controller.abort();
    expect(sent).toHaveLength(before);
  });

  it('of a handler that throws when it is aborted is not an error', async () => {
    const { a, b } = channel();
    const logged: unknown[] = [];
    serve<Pick<ArithmeticApi, 'wait'>>(
      b,
      {
        wait: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')));
          }),
      },
      { log: error => logged.push(error) },
    );
    const controller = new AbortController();
    const call = createClient<ArithmeticApi>(a).wait(null, { signal: controller.signal });
    await settle();
    controller.abort();
    await call;
    await settle();
    expect(logged).toEqual([]);
  });
});

/** The id of the first call that was sent. */
function idOfCall(sent: readonly { readonly message: unknown }[]): unknown {
  return (sent[0]?.message as { readonly id: unknown }).id;
}

describe('messages that are not ours', () => {
  it.each([
    null,
    undefined,
    7,
    'call',
    {},
    [],
    { rpc: 'call' },
    { rpc: 'call', id: '1', method: 'add' },
    { rpc: 'call', id: 1, method: 5 },
    { rpc: 'reply', id: 1 },
    { rpc: 'reply', id: 1, result: { ok: false } },
    { rpc: 'reply', id: 1, result: 'yes' },
    { rpc: 'reply', id: 99, result: { ok: true, value: 1 } },
    { rpc: 'cancel', id: 99 },
    { rpc: 'shout', id: 1 },
  ])('%j is ignored, and calls go on', async form => {
    const { a, b, sent } = channel();
    const { waiting } = serveArithmetic(b);
    const client = createClient<ArithmeticApi>(a);
    const call = client.wait(null);
    await settle();
    // 1 stands for the id of the call that waits.
    const runs = typeof form === 'object' && form !== null && 'id' in form && form.id === 1;
    const message = runs ? { ...form, id: idOfCall(sent) } : form;
    a.post(message);
    b.post(message);
    await settle();
    waiting[0]?.finish('done');
    expect(await call).toEqual(ok('done'));
  });

  it('a client that follows another on the same channel is answered beside its last call', async () => {
    const { a, b } = channel();
    const { waiting } = serveArithmetic(b);
    void createClient<ArithmeticApi>(a).wait(null);
    await settle();
    const next = createClient<ArithmeticApi>(a).wait(null);
    await settle();
    expect(waiting).toHaveLength(2);
    waiting[1]?.finish('second');
    expect(await next).toEqual(ok('second'));
  });

  it('a second call with the id of one that runs is ignored', async () => {
    const { a, b, sent } = channel();
    const { waiting } = serveArithmetic(b);
    void createClient<ArithmeticApi>(a).wait(null);
    await settle();
    a.post({ rpc: 'call', id: idOfCall(sent), method: 'wait', argument: null });
    await settle();
    expect(waiting).toHaveLength(1);
    waiting[0]?.finish('once');
    await settle();
    expect(sent.filter(({ message }) => JSON.stringify(message).includes('reply'))).toHaveLength(1);
  });
});

describe('closing', () => {
  const gone: Problem = { code: 'gone', severity: 'error', message: 'It has gone.' };

  it('gives every call that waits, and every later one, the problem', async () => {
    const { a, b } = channel();
    serveArithmetic(b);
    const states: boolean[] = [];
    const client = connect<ArithmeticApi>(a, { waiting: waiting => states.push(waiting) });
    const calls = [client.api.wait(null), client.api.wait(null)];
    await settle();
    client.close(gone);
    for (const result of await Promise.all(calls)) expect(problemOf(result)).toEqual(gone);
    expect(problemOf(await client.api.add({ a: 1, b: 1 }))).toEqual(gone);
    expect(states).toEqual([true, false]);
  });

  it('the serving end aborts what runs, and answers nothing more', async () => {
    const { a, b, sent } = channel();
    const { waiting, stop } = serveArithmetic(b);
    const client = createClient<ArithmeticApi>(a);
    void client.wait(null);
    await settle();
    stop();
    expect(waiting[0]?.signal.aborted).toBe(true);
    const before = sent.length;
    waiting[0]?.finish('too late');
    await settle();
    expect(sent).toHaveLength(before);
    void client.add({ a: 1, b: 1 });
    await settle();
    expect(sent).toHaveLength(before + 1);
  });
});
