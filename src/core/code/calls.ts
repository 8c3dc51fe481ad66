import { itemsBetween, pathAt, type TokenSpan } from './bindings';
import type { Brackets } from './brackets';
import type { CodeLanguage } from './codeLanguage';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** A call, or what looks like one: `name(…)`. */
export interface Call {
  /** What is called, as spelled: `nn.BatchNorm2d`, `model.eval`; of `f(x).g(y)` it is `.g`. */
  readonly path: string;
  /** Tokens of what is called. */
  readonly callee: TokenSpan;
  /** Its opening bracket, and the closing one: the end of the tokens where that is missing. */
  readonly open: number;
  readonly close: number;
  /** Where the result of another call is called, or a method of it is: the closing bracket of that one. */
  readonly of?: number;
  readonly arguments: readonly CallArgument[];
}

export interface CallArgument {
  /** A keyword's, or of a JavaScript object's key; undefined for one that has only a place. */
  readonly name: string | undefined;
  /** Place among those without a name; −1 for those with one. */
  readonly index: number;
  readonly value: TokenSpan;
  /** `*list`, `**dict`, `...rest`: how many arguments it stands for is not known. */
  readonly spread: boolean;
}

/** All calls of a file, in the order of their opening brackets. */
export function* findCalls(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
): Steps<Call[]> {
  const calls: Call[] = [];
  for (let i = 1; i < tokens.count; i++) {
    if ((i & stepMask) === stepMask) yield;
    if (!tokens.is(i, '(')) continue;
    const call = callAt(tokens, brackets, language, i);
    if (call) calls.push(call);
  }
  return calls;
}

/** The call whose arguments a bracket opens. */
export function callAt(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
  open: number,
): Call | undefined {
  const before = open - 1;
  const partner = brackets.partner(open);
  const close = partner < 0 ? endOfOpen(tokens, brackets, open) : partner;
  const given = argumentsIn(tokens, brackets, language, open, close);
  if (tokens.is(before, ')')) {
    if (tokens.startsLine(open) && language.blocks === 'indentation') return undefined;
    const callee = { first: before, end: open };
    return { path: '', callee, open, close, of: before, arguments: given };
  }
  if (!tokens.isName(before)) return undefined;
  const word = tokens.textOf(before);
  if (language.keywords.has(word) && !tokens.is(before - 1, '.')) return undefined;
  if (tokens.is(before - 1, 'def') || tokens.is(before - 1, 'class')) return undefined;
  if (tokens.is(before - 1, 'function')) return undefined;
  return { ...calleeBefore(tokens, open), open, close, arguments: given };
}

/** Tokens of a call without its closing bracket that are read at most. */
const longestOpen = 256;

/**
 * Where the arguments of a call end whose closing bracket is missing. Of calls in one another that are all open, only
 * the outermost has any: who types adds to that one.
 */
function endOfOpen(tokens: Tokens, brackets: Brackets, open: number): number {
  const around = brackets.around(open);
  if (around >= 0 && brackets.partner(around) < 0) return open + 1;
  const limit = Math.min(tokens.count, open + longestOpen);
  let at = open + 1;
  while (at < limit && brackets.around(at) !== around) at++;
  return at;
}

function calleeBefore(tokens: Tokens, open: number): Pick<Call, 'path' | 'callee' | 'of'> {
  let first = open - 1;
  for (;;) {
    const point = tokens.is(first - 1, '.') || tokens.is(first - 1, '?.');
    if (!point) break;
    if (tokens.isName(first - 2)) first -= 2;
    else {
      const path = `.${tokens.textOf(first)}${restOf(tokens, first, open)}`;
      const callee = { first, end: open };
      const receiver = first - 2;
      return tokens.is(receiver, ')') ? { path, callee, of: receiver } : { path, callee };
    }
  }
  const path = pathAt(tokens, first);
  return { path: path?.path ?? '', callee: { first, end: open } };
}

function restOf(tokens: Tokens, first: number, open: number): string {
  let rest = '';
  for (let i = first + 1; i < open; i++) rest += tokens.textOf(i);
  return rest;
}

function argumentsIn(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
  open: number,
  close: number,
): readonly CallArgument[] {
  const found: CallArgument[] = [];
  let index = 0;
  for (const span of itemsBetween(tokens, brackets, open + 1, close)) {
    const item = itemOf(tokens, span, '=');
    if (item.name !== undefined && language.blocks === 'indentation') {
      found.push({ ...item, name: item.name, index: -1, spread: false });
      continue;
    }
    const { first, end } = span;
    const spread = /^(?:\*\*?|\.\.\.)$/.test(tokens.textOf(first));
    found.push({
      name: undefined,
      index: index++,
      value: { first: spread ? first + 1 : first, end },
      spread,
    });
    const object = language.blocks === 'braces' && tokens.is(first, '{');
    if (object && brackets.partner(first) === end - 1) {
      found.push(...propertiesIn(tokens, brackets, first, end - 1));
    }
  }
  return found;
}

/** `{ axis: 1, momentum }` as arguments with names: how JavaScript's layers take them. */
export function propertiesIn(
  tokens: Tokens,
  brackets: Brackets,
  open: number,
  close: number,
): readonly CallArgument[] {
  return itemsBetween(tokens, brackets, open + 1, close).map(span => {
    const { first, end } = span;
    if (tokens.is(first, '...') || tokens.is(first, '**')) {
      return { name: undefined, index: -1, value: { first: first + 1, end }, spread: true };
    }
    const item = itemOf(tokens, span, ':');
    if (item.name !== undefined) return { ...item, index: -1, spread: false };
    const shorthand = span.end === span.first + 1 ? tokens.textOf(span.first) : undefined;
    return { name: shorthand, index: -1, value: span, spread: false };
  });
}

function itemOf(
  tokens: Tokens,
  { first, end }: TokenSpan,
  mark: '=' | ':',
): Pick<CallArgument, 'name' | 'value'> {
  const key = tokens.kind(first);
  if ((key !== 'name' && key !== 'string') || !tokens.is(first + 1, mark)) {
    return { name: undefined, value: { first, end } };
  }
  const text = tokens.textOf(first);
  const name = key === 'string' ? text.slice(1, -1) : text;
  return { name, value: { first: first + 2, end } };
}
