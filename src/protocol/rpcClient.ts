import type { Problem, Result } from '../core/problem';
import { reportUnhandled } from './reportUnhandled';
import { parseMessage } from './rpcMessages';
import { cancelled, type CallOptions, type Client, type Port } from './rpcTypes';

export interface ConnectionOptions {
  /** Told of what was not expected: a message that could not be sent. */
  readonly log?: (error: unknown) => void;
  /**
   * Told of a reply that came after its caller had given up, so that what the reply holds (a handle) can
   * be given back.
   */
  readonly abandoned?: (method: string, result: Result<unknown>) => void;
  /** Told when calls begin to wait for replies, and when the last one has been answered. */
  readonly waiting?: (waiting: boolean) => void;
}

export interface Connection<T> {
  /** The other end's methods. None of them ever rejects. */
  readonly api: Client<T>;
  /** Stops listening. Every call that waits, and every later one, gets this problem. */
  close(problem: Problem): void;
}

/** The calling end of a port that may close. */
export function connect<T extends object>(
  port: Port,
  options: ConnectionOptions = {},
): Connection<T> {
  const calls = new Calls(port, options);
  const api = new Proxy(Object.create(null) as object, {
    // A client may be awaited or printed: `then` and symbols are not the other end's methods.
    get: (_, method) =>
      typeof method === 'string' && method !== 'then'
        ? (argument: unknown, call?: CallOptions) => calls.make(method, argument, call)
        : undefined,
  });
  return { api: api as Client<T>, close: problem => calls.close(problem) };
}

/** The calling end of a port that lasts as long as its page or process. */
export function createClient<T extends object>(
  port: Port,
  options: ConnectionOptions = {},
): Client<T> {
  return connect<T>(port, options).api;
}

interface Call {
  readonly method: string;
  /** Undefined once the caller has given up. */
  settle: ((result: Result<unknown>) => void) | undefined;
}

class Calls {
  private readonly made = new Map<number, Call>();
  /**
   * Starts anywhere: a page that is loaded anew speaks over the same channel as the page before it, and
   * must not take an id that the other end still has a call of.
   */
  private lastId = Math.floor(Math.random() * 2 ** 48);
  private closed: Problem | undefined;
  private readonly stopListening: () => void;

  constructor(
    private readonly port: Port,
    private readonly options: ConnectionOptions,
  ) {
    this.stopListening = port.listen(message => this.receive(message));
  }

  make(method: string, argument: unknown, options: CallOptions = {}): Promise<Result<unknown>> {
    const { signal, transfer } = options;
    if (this.closed) return Promise.resolve({ ok: false, problem: this.closed });
    if (signal?.aborted === true) return Promise.resolve({ ok: false, problem: cancelled });
    const id = ++this.lastId;
    return new Promise(resolve => {
      const giveUp = (): void => {
        call.settle = undefined;
        this.post({ rpc: 'cancel', id });
        resolve({ ok: false, problem: cancelled });
      };
      const call: Call = {
        method,
        settle: result => {
          signal?.removeEventListener('abort', giveUp);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      this.made.set(id, call);
      if (this.made.size === 1) this.options.waiting?.(true);
      if (!this.post({ rpc: 'call', id, method, argument }, transfer)) {
        this.settle(id, { ok: false, problem: notSent });
      }
    });
  }

  close(problem: Problem): void {
    if (this.closed) return;
    this.closed = problem;
    this.stopListening();
    for (const id of [...this.made.keys()]) this.settle(id, { ok: false, problem });
  }

  private receive(received: unknown): void {
    const message = parseMessage(received);
    if (message?.rpc === 'reply') this.settle(message.id, message.result);
  }

  private settle(id: number, result: Result<unknown>): void {
    const call = this.made.get(id);
    if (!call) return;
    this.made.delete(id);
    if (this.made.size === 0) this.options.waiting?.(false);
    if (call.settle) call.settle(result);
    else this.options.abandoned?.(call.method, result);
  }

  private post(message: unknown, transfer?: readonly ArrayBuffer[]): boolean {
    try {
      this.port.post(message, transfer);
      return true;
    } catch (error) {
      (this.options.log ?? reportUnhandled)(error);
      return false;
    }
  }
}

const notSent: Problem = {
  code: 'internal',
  severity: 'error',
  message: 'The request could not be sent. The log has the details.',
};
