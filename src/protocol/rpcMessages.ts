import type { Result } from '../core/problem';

/** What travels over a port. Calls and replies go both ways at once: an id belongs to who made the call. */
export type RpcMessage =
  | {
      readonly rpc: 'call';
      readonly id: number;
      readonly method: string;
      readonly argument: unknown;
    }
  | { readonly rpc: 'cancel'; readonly id: number }
  | { readonly rpc: 'reply'; readonly id: number; readonly result: Result<unknown> };

/** @returns undefined for anything that is not a message of ours */
export function parseMessage(message: unknown): RpcMessage | undefined {
  if (!isRecord(message)) return undefined;
  const { rpc, id, method, argument, result } = message;
  if (typeof id !== 'number') return undefined;
  switch (rpc) {
    case 'call':
      return typeof method === 'string' ? { rpc, id, method, argument } : undefined;
    case 'cancel':
      return { rpc, id };
    case 'reply':
      return isResult(result) ? { rpc, id, result } : undefined;
    default:
      return undefined;
  }
}

function isResult(result: unknown): result is Result<unknown> {
  if (!isRecord(result)) return false;
  const { ok, problem } = result;
  return ok === true || (ok === false && isRecord(problem) && typeof problem.message === 'string');
}

/** Every key that a message may have, if only to be checked. */
type Loose = Readonly<
  Record<'rpc' | 'id' | 'method' | 'argument' | 'result' | 'ok' | 'problem' | 'message', unknown>
>;

function isRecord(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null;
}
