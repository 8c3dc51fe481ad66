import type { TextRange } from '../../../problem';
import { lastBefore, type TokenSpan } from '../../bindings';
import type { Call } from '../../calls';
import type { CodeFile } from '../../codeFile';
import { functionAround } from '../../scopes';

/** The last part of a dotted name. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** What a method is called on, as spelled; empty where that is no name. */
export function receiver(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

export function rangeOf({ tokens }: CodeFile, { first, end }: TokenSpan): TextRange {
  return { start: tokens.start(first), end: tokens.end(end - 1) };
}

/** Of a call with its arguments. */
export function callRange(file: CodeFile, { callee, close }: Call): TextRange {
  const end = Math.min(close + 1, file.tokens.count);
  return rangeOf(file, { first: callee.first, end });
}

/** Tokens of the block of a header, the blocks within it included; of −1, the whole file. */
export function blockSpan({ statements, tokens }: CodeFile, header: number): TokenSpan {
  if (header < 0) return { first: 0, end: tokens.count };
  const first = statements.all[header]?.end ?? 0;
  let last = header;
  // Statements are in the order of the text: those of a block follow its header.
  while ((statements.all[last + 1]?.parent ?? -1) >= header) last++;
  return { first, end: last === header ? first : (statements.all[last]?.end ?? first) };
}

export function isWithin(token: number, { first, end }: TokenSpan): boolean {
  return token >= first && token < end;
}

/** The function that a token is in, by its header; −1 outside of all. A token of a header is in what is around it. */
export function functionOf(file: CodeFile, token: number): number {
  return functionAround(file, file.statements.indexOf(token));
}

/** Calls of a function itself: those of functions within it are theirs. */
export function callsOf(file: CodeFile, scope: number): readonly Call[] {
  return scopedCalls(file).get(scope) ?? [];
}

/** Calls whose brackets open in a span. */
export function callsIn(file: CodeFile, { first, end }: TokenSpan): readonly Call[] {
  const { calls } = file;
  const from = lastBefore(calls, first, ({ open }) => open) + 1;
  return calls.slice(from, lastBefore(calls, end, ({ open }) => open) + 1);
}

const scoped = new WeakMap<CodeFile, ReadonlyMap<number, readonly Call[]>>();

function scopedCalls(file: CodeFile): ReadonlyMap<number, readonly Call[]> {
  const known = scoped.get(file);
  if (known) return known;
  const found = new Map<number, Call[]>();
  for (const call of file.calls) {
    const scope = functionOf(file, call.callee.first);
    const calls = found.get(scope);
    if (calls) calls.push(call);
    else found.set(scope, [call]);
  }
  scoped.set(file, found);
  return found;
}

/** The name that a `class` or a `def` gives; empty where the statement is neither. */
export function declaredName({ tokens, statements }: CodeFile, header: number): string {
  const statement = statements.all[header];
  if (!statement) return '';
  for (let i = statement.first; i < statement.end; i++) {
    if (/^(?:class|def|function)$/.test(tokens.textOf(i))) return tokens.textOf(i + 1);
  }
  return '';
}

/** The nearest loop around a token within its function, by its header; −1 where it is in none. */
export function loopAround(file: CodeFile, token: number): number {
  const { all } = file.statements;
  let at = all[file.statements.indexOf(token)]?.parent ?? -1;
  while (at >= 0 && all[at]?.kind !== 'loop') {
    if (all[at]?.kind === 'function') return -1;
    at = all[at]?.parent ?? -1;
  }
  return at;
}
