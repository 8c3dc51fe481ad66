import { fail, ok, type Result } from '../../core/problem';
import type { CompareAction, CompareSubject } from '../../protocol/compare';
import { isIndex, isRecord } from '../guards';
import { parseTolerance } from './compareSpec';

/** The gate between the page that compares and the host. */
export function parseCompareAction(value: unknown): Result<CompareAction> {
  if (isRecord(value)) {
    if (value.kind === 'swap' || value.kind === 'readAgain') return ok({ kind: value.kind });
    const tolerance = value.kind === 'setTolerance' ? parseTolerance(value.tolerance) : undefined;
    if (tolerance) return ok({ kind: 'setTolerance', tolerance });
  }
  return badMessage;
}

/** @returns undefined unless it is one of the three */
export function parseSubject(value: unknown): CompareSubject | undefined {
  return value === 'a' || value === 'b' || value === 'difference' ? value : undefined;
}

export function parseChannelsRequest(
  value: unknown,
): Result<{ readonly start: number; readonly count: number }> {
  if (!isRecord(value) || !isIndex(value.start) || !isIndex(value.count)) return badMessage;
  return ok({ start: value.start, count: Math.min(value.count, 1024) });
}

export const badMessage = fail(
  'bad-message',
  'The page sent a message that this version does not know: reload the window.',
);
