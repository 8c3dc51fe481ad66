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

/** Wraps either end of a webview's channel: both must be wrapped. What cannot be sent throws in the turn after. */
export function batchedPort(port: Port, afterTurn: AfterTurn): Port {
  let waiting: unknown[] = [];
  let transfers: ArrayBuffer[] = [];
  const flush = (): void => {
    const [messages, transfer] = [waiting, transfers];
    waiting = [];
    transfers = [];
    port.post(messages.length === 1 ? messages[0] : { batch: messages }, transfer);
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
