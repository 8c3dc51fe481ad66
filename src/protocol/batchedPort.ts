import { reportUnhandled } from './reportUnhandled';
import type { Port } from './rpc';

/**
 * Each crossing between a page and the extension host takes VS Code some milliseconds, whatever it carries: messages of
 * one turn cross together, in their order.
 */
interface Batch {
  readonly batch: readonly unknown[];
}

/** Calls back when the turn that posts is over. */
export type AfterTurn = (flush: () => void) => void;

/**
 * Wraps either end of a webview's channel: both must be wrapped.
 * @param report told of what cannot be sent, which is lost by itself
 */
export function batchedPort(
  port: Port,
  afterTurn: AfterTurn,
  report: (error: unknown) => void = reportUnhandled,
): Port {
  let waiting: unknown[] = [];
  let transfers: ArrayBuffer[] = [];
  const flush = (): void => {
    const [messages, transfer] = [waiting, transfers];
    waiting = [];
    transfers = [];
    if (messages.length > 1 && posted({ batch: messages }, transfer) === null) return;
    // One that cannot be sent takes no other with it.
    for (const message of messages) {
      const failed = posted(message, transfer);
      if (failed) report(failed.error);
    }
  };
  const posted = (message: unknown, transfer: ArrayBuffer[]): { error: unknown } | null => {
    try {
      port.post(message, transfer);
      return null;
    } catch (error) {
      return { error };
    }
  };
  return {
    post: (message, transfer = []) => {
      if (waiting.length === 0) afterTurn(flush);
      waiting.push(message);
      transfers.push(...transfer);
    },
    listen: listener =>
      port.listen(message => {
        if (isBatch(message)) message.batch.forEach(listener);
        else listener(message);
      }),
  };
}

function isBatch(message: unknown): message is Batch {
  return (
    typeof message === 'object' &&
    message !== null &&
    'batch' in message &&
    Array.isArray(message.batch)
  );
}
