import { describe, expect, it } from 'vitest';
import { batchedPort } from '../../../src/protocol/batchedPort';
import { createClient, serve, type Port } from '../../../src/protocol/rpc';

/** A channel that keeps what crosses until the test lets it arrive. */
function channel(): { here: Port; there: Port; crossed: unknown[] } {
  const crossed: unknown[] = [];
  const end = (): { listeners: ((message: unknown) => void)[] } => ({ listeners: [] });
  const [a, b] = [end(), end()];
  const port = (own: typeof a, other: typeof a): Port => ({
    post: message => {
      crossed.push(message);
      const copy: unknown = structuredClone(message);
      setTimeout(() => other.listeners.forEach(listener => listener(copy)), 0);
    },
    listen: listener => {
      own.listeners.push(listener);
      return () => void own.listeners.splice(own.listeners.indexOf(listener), 1);
    },
  });
  return { here: port(a, b), there: port(b, a), crossed };
}

interface Sums {
  add(numbers: readonly number[]): Promise<{ ok: true; value: number }>;
}

describe('batchedPort', () => {
  it('takes the messages of one turn across at once, in their order', async () => {
    const { here, there, crossed } = channel();
    const page = batchedPort(here, queueMicrotask);
    const received: unknown[] = [];
    batchedPort(there, setImmediate).listen(message => received.push(message));
    page.post('a');
    page.post({ b: 1 });
    page.post('c');
    expect(crossed).toEqual([]);
    await new Promise(resolve => setTimeout(resolve, 5));
    page.post('d');
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(crossed).toEqual([{ batch: ['a', { b: 1 }, 'c'] }, 'd']);
    expect(received).toEqual(['a', { b: 1 }, 'c', 'd']);
  });

  it('takes the calls of one turn and their answers across, two messages in all', async () => {
    const { here, there, crossed } = channel();
    const client = createClient<Sums>(batchedPort(here, queueMicrotask));
    serve<Sums>(batchedPort(there, setImmediate), {
      add: numbers => ({ ok: true, value: numbers.reduce((sum, n) => sum + n, 0) }),
    });
    const sums = await Promise.all([client.add([1, 2]), client.add([3]), client.add([])]);
    expect(sums.map(sum => sum.ok && sum.value)).toEqual([3, 3, 0]);
    expect(crossed).toHaveLength(2);
  });

  it('loses only what cannot be sent, and reports it', async () => {
    const { here, crossed } = channel();
    const lost: unknown[] = [];
    const checked: Port = {
      ...here,
      // As a window does before it takes a message.
      post: message => here.post(structuredClone(message)),
    };
    const page = batchedPort(checked, queueMicrotask, error => lost.push(error));
    page.post('a');
    page.post(() => 'no message');
    page.post('c');
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(crossed).toEqual(['a', 'c']);
    expect(lost.map(String)).toEqual([expect.stringMatching(/could not be cloned/)]);
    page.post(() => 'nor this');
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(lost).toHaveLength(2);
  });

  it('says which buffers of a turn are moved', async () => {
    const moved: (readonly ArrayBuffer[])[] = [];
    const port: Port = {
      post: (_, transfer) => moved.push(transfer ?? []),
      listen: () => () => undefined,
    };
    const batched = batchedPort(port, queueMicrotask);
    const buffers = [new ArrayBuffer(1), new ArrayBuffer(2)] as const;
    batched.post(buffers[0], [buffers[0]]);
    batched.post(1);
    batched.post(buffers[1], [buffers[1]]);
    await Promise.resolve();
    expect(moved).toEqual([[...buffers]]);
  });
});
