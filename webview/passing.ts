import type { Problem } from '../src/core/problem';
import { cancelled } from '../src/protocol/rpc';

const passing: ReadonlySet<string> = new Set([cancelled.code, 'superseded', 'nothing-open']);

/** Whether the next state of the page takes a problem away by itself: nobody needs to read of it. */
export function isPassing({ code }: Problem): boolean {
  return passing.has(code);
}
