import type { Problem, Result } from '../core/problem';
import { movedBuffers } from './moved';
import { reportUnhandled } from './reportUnhandled';
import { parseMessage } from './rpcMessages';
import { cancelled, type Handlers, type Port } from './rpcTypes';

export interface ServeOptions {
  /** Told of an exception in a handler, which is a bug: the caller gets no more than that it happened. */
  readonly log?: (error: unknown, method: string) => void;
}

/**
 * Answers the calls that arrive at a port, each exactly once, cancelled ones too.
 * @returns a function that stops listening, aborts what is running and leaves it unanswered
 */
export function serve<T extends object>(
  port: Port,
  handlers: Handlers<T>,
  options: ServeOptions = {},
): () => void {
  const log = options.log ?? reportUnhandled;
  const running = new Map<number, AbortController>();
  let stopped = false;
  const stopListening = port.listen(received => {
    const message = parseMessage(received);
    if (message?.rpc === 'cancel') running.get(message.id)?.abort();
    if (message?.rpc !== 'call' || running.has(message.id)) return;
    const { id, method, argument } = message;
    const controller = new AbortController();
    running.set(id, controller);
    void answer(handlers, method, argument, controller.signal, log).then(result => {
      running.delete(id);
      if (!stopped) reply(port, id, method, result, log);
    });
  });
  return () => {
    stopped = true;
    stopListening();
    for (const controller of running.values()) controller.abort();
  };
}

type Log = (error: unknown, method: string) => void;

type Handler = (argument: unknown, signal: AbortSignal) => unknown;

async function answer(
  handlers: object,
  method: string,
  argument: unknown,
  signal: AbortSignal,
  log: Log,
): Promise<Result<unknown>> {
  // Own properties only: `constructor` and its like are nobody's methods.
  const handler: unknown = Object.hasOwn(handlers, method)
    ? (handlers as Record<string, unknown>)[method]
    : undefined;
  if (typeof handler !== 'function') {
    return { ok: false, problem: internal(`There is no method "${method.slice(0, 80)}".`) };
  }
  try {
    return (await (handler as Handler)(argument, signal)) as Result<unknown>;
  } catch (error) {
    if (signal.aborted) return { ok: false, problem: cancelled };
    log(error, method);
    return { ok: false, problem: internal(`Something went wrong in "${method}".`) };
  }
}

function reply(port: Port, id: number, method: string, result: Result<unknown>, log: Log): void {
  try {
    port.post({ rpc: 'reply', id, result }, result.ok ? movedBuffers(result.value) : []);
  } catch (error) {
    log(error, method);
    if (result.ok) {
      const problem = internal(`The answer of "${method}" could not be sent.`);
      reply(port, id, method, { ok: false, problem }, log);
    }
  }
}

function internal(what: string): Problem {
  return {
    code: 'internal',
    severity: 'error',
    message: `${what} This is a fault of Normscope; the log has the details.`,
  };
}
