import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import { isRecord, type Fields } from '../guards';

/** What an adapter answers in this time, in milliseconds, to questions about frames and variables. */
const patience = 10_000;

/** How long an answer is waited for. */
export interface Waiting {
  /** Milliseconds. */
  readonly limit?: number | undefined;
  /** Whether that is the user's setting, which a message then names. */
  readonly isSetting?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What questions are put to: a debug session, or what answers like one. */
export type Evaluates = Pick<vscode.DebugSession, 'customRequest' | 'type'>;

/**
 * A request of the debug adapter protocol. Nobody can take one back, so one that takes too long, or that nobody waits
 * for any more, is left alone.
 * @returns `debug-refused` with the adapter's own words, `debug-too-slow`, or `cancelled`
 */
export async function request(
  session: Evaluates,
  command: string,
  given: Fields,
  { limit = patience, isSetting = false, signal }: Waiting = {},
): Promise<Result<Fields>> {
  const settled = new AbortController();
  const late = new Promise<Result<never>>(resolve => {
    const stop = (): void => resolve(fail('cancelled', 'Cancelled.'));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { signal: settled.signal });
    if (limit === Infinity) return;
    const seconds = Math.round(limit / 100) / 10;
    const named = isSetting ? ' (“normscope.debug.timeLimit”)' : '';
    const message = `The debugger did not answer within ${seconds} s${named}: the program may be busy.`;
    const timer = setTimeout(() => resolve(fail('debug-too-slow', message)), limit);
    settled.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const asked = (async (): Promise<Result<Fields>> => {
    try {
      const answer: unknown = await session.customRequest(command, given);
      return ok(isRecord(answer) ? answer : {});
    } catch (error) {
      return fail('debug-refused', reasonOf(error));
    }
  })();
  try {
    return await Promise.race([asked, late]);
  } finally {
    settled.abort();
  }
}

function reasonOf(error: unknown): string {
  return lastLine(error instanceof Error ? error.message : String(error));
}

/** The last line that says something: debuggers of Python answer with a whole traceback. */
export function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
  return (lines.at(-1) ?? 'it gave no reason').slice(0, 300);
}
