import type { Brackets } from './brackets';
import type { CodeLanguage } from './codeLanguage';
import type { Statement, Statements } from './statements';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** A name, or an attribute, to which a statement gives a value. */
export interface Binding {
  /** As spelled: `bn`, `self.bn1`. */
  readonly path: string;
  /** First token of the path. */
  readonly token: number;
  /** Index of the statement. */
  readonly statement: number;
  /** Its value, from a token to just before another; undefined where no expression is: a loop's, a part's of a tuple. */
  readonly value: TokenSpan | undefined;
  /** What the statement does: sets it, or changes what it was: `x += 1`, `x[0] = 1`. */
  readonly kind: 'set' | 'changed';
  /** The name may be that of a function around: `global x`, or JavaScript without `let`. */
  readonly isOuter?: boolean;
}

export interface TokenSpan {
  readonly first: number;
  readonly end: number;
}

/** Bindings by path, in the order of the text. */
export class Bindings {
  readonly #byPath = new Map<string, Binding[]>();
  /** Functions that set names which are not their own. */
  readonly #outer = new Map<string, Set<number>>();
  readonly #byScope = new Map<string, ReadonlyMap<number, readonly Binding[]>>();
  readonly #byOwner = new Map<string, ReadonlyMap<number, readonly Binding[]>>();

  constructor(private readonly statements: Statements) {}

  add(binding: Binding): void {
    if (binding.isOuter === true) {
      const scopes = this.#outer.get(binding.path) ?? new Set();
      this.#outer.set(
        binding.path,
        scopes.add(this.statements.all[binding.statement]?.scope ?? -1),
      );
    }
    const known = this.#byPath.get(binding.path);
    if (known) known.push(binding);
    else this.#byPath.set(binding.path, [binding]);
  }

  /** Whether a function may give another value to a name that is not its own but that of a function around, by its header. */
  isSetWithin(path: string, scope: number): boolean {
    const setters = this.#outer.get(path);
    return setters !== undefined && (setters.size > 1 || !setters.has(scope));
  }

  get paths(): readonly string[] {
    return [...this.#byPath.keys()];
  }

  of(path: string): readonly Binding[] {
    return this.#byPath.get(path) ?? [];
  }

  /** Those of a function, by the index of its header; −1 for those outside of all. */
  inFunction(path: string, scope: number): readonly Binding[] {
    return this.grouped(this.#byScope, path, 'scope').get(scope) ?? [];
  }

  /** Those of a class and its methods. */
  inClass(path: string, owner: number): readonly Binding[] {
    return this.grouped(this.#byOwner, path, 'owner').get(owner) ?? [];
  }

  /** A name that is bound thousands of times is looked up as often: its bindings are sorted out once. */
  private grouped(
    cache: Map<string, ReadonlyMap<number, readonly Binding[]>>,
    path: string,
    by: 'scope' | 'owner',
  ): ReadonlyMap<number, readonly Binding[]> {
    const known = cache.get(path);
    if (known) return known;
    const groups = new Map<number, Binding[]>();
    for (const binding of this.of(path)) {
      const key = this.statements.all[binding.statement]?.[by] ?? -1;
      const group = groups.get(key);
      if (group) group.push(binding);
      else groups.set(key, [binding]);
    }
    cache.set(path, groups);
    return groups;
  }
}

/** The last of what is sorted by a token that is before one; −1 where none is. */
export function lastBefore<T>(
  sorted: readonly T[],
  token: number,
  tokenOf: (item: T) => number,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokenOf(sorted[middle] as T) < token) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const declarations = new Set(['const', 'let', 'var', 'export', 'readonly', 'private', 'public']);

/** Finds what statements bind: assignments, declarations, the targets of loops, `with` and unpacking. */
export function* findBindings(
  tokens: Tokens,
  brackets: Brackets,
  statements: Statements,
  language: CodeLanguage,
): Steps<Bindings> {
  const found = new Bindings(statements);
  /** Names that functions declare to be of a function around, with the function's header. */
  const declared = new Set<string>();
  let since = 0;
  for (const [index, statement] of statements.all.entries()) {
    const { word, first, end, scope } = statement;
    if (first - since > stepMask) {
      yield;
      since = first;
    }
    if (word === 'global' || word === 'nonlocal') {
      for (const token of namesUntil(tokens, first + 1, end, /^$/))
        declared.add(`${scope} ${tokens.textOf(token)}`);
    }
    const isBare = language.blocks === 'braces' && pastDeclaration(tokens, first, end) === first;
    for (const binding of bindingsOf(tokens, brackets, statement, index, language)) {
      const isOuter =
        scope >= 0 &&
        !binding.path.includes('.') &&
        (declared.has(`${scope} ${binding.path}`) || (isBare && statement.kind === 'plain'));
      found.add(isOuter ? { ...binding, isOuter } : binding);
    }
  }
  return found;
}

function bindingsOf(
  tokens: Tokens,
  brackets: Brackets,
  statement: Statement,
  index: number,
  language: CodeLanguage,
): readonly Binding[] {
  const { first, end, kind, word } = statement;
  if (word === 'def' || word === 'class' || word === 'function') {
    let at = first;
    while (!tokens.is(at, word)) at++;
    const name = tokens.is(at + 1, '*') ? at + 2 : at + 1;
    return name < end && tokens.isName(name) ? [bound(tokens, name, index, undefined)] : [];
  }
  if (kind === 'loop' && word === 'for') {
    return namesUntil(tokens, first + 1, end, /^(?:in|of|;)$/).map(token =>
      bound(tokens, token, index, undefined),
    );
  }
  if (kind === 'context' || kind === 'branch') return boundAs(tokens, brackets, statement, index);
  if (kind !== 'plain' && !(kind === 'function' && language.blocks === 'braces')) return [];
  const from = pastDeclaration(tokens, first, end);
  if (language.blocks === 'indentation') {
    const walrus = boundAs(tokens, brackets, statement, index);
    const plain = assigned(tokens, brackets, { first: from, end }, index);
    return walrus.length === 0 ? plain : [...plain, ...walrus];
  }
  // `const a = 1, b = 2`
  return itemsBetween(tokens, brackets, from, end).flatMap(item =>
    assigned(tokens, brackets, item, index),
  );
}

/** The first token of a statement that is not `const`, `export` or the like. */
export function pastDeclaration(tokens: Tokens, first: number, end: number): number {
  let at = first;
  while (at < end && declarations.has(tokens.textOf(at)) && !tokens.is(at + 1, '=')) at++;
  return at;
}

/** `a = b = value`, `a: T = value`, `a, b = value`, `a += value`, `a[0] = value`. */
function assigned(
  tokens: Tokens,
  brackets: Brackets,
  { first, end }: TokenSpan,
  statement: number,
): readonly Binding[] {
  const found: Binding[] = [];
  let from = first;
  for (let i = first; i < end; i++) {
    const close = brackets.partner(i);
    if (close > i) {
      i = Math.min(close, end);
      continue;
    }
    // Nothing else ends in this character, or is an arrow or a semicolon.
    const mark = tokens.kind(i) === 'mark' && endsLikeAssignment(tokens, i) ? tokens.textOf(i) : '';
    if (mark === '=') {
      found.push(...targets(tokens, from, i, statement, { first: i + 1, end }));
      from = i + 1;
    } else if (mark.length > 1 && mark.endsWith('=') && !/^[=!<>]=|^===|^!==/.test(mark)) {
      const path = pathAt(tokens, from);
      if (path) found.push({ ...path, statement, value: undefined, kind: 'changed' });
      return found;
    } else if (mark === '=>' || mark === ';') return found;
  }
  // In `a = b = value` the value is what stands behind the last of the marks.
  return found.map(binding =>
    binding.value ? { ...binding, value: { first: from, end } } : binding,
  );
}

function endsLikeAssignment(tokens: Tokens, token: number): boolean {
  const last = tokens.text.charAt(tokens.end(token) - 1);
  return last === '=' || last === '>' || last === ';';
}

function targets(
  tokens: Tokens,
  from: number,
  end: number,
  statement: number,
  value: TokenSpan,
): readonly Binding[] {
  const path = pathAt(tokens, from);
  // `{ a, b: c } = value` and `a, b = value`: which part each gets is not looked into.
  if (!path || tokens.is(path.next, ',')) {
    return namesUntil(tokens, from, end, /^$/).map(token =>
      bound(tokens, token, statement, undefined),
    );
  }
  const { next } = path;
  if (next === end || tokens.is(next, ':') || tokens.is(next, '!'))
    return [{ ...path, statement, value, kind: 'set' }];
  return tokens.is(next, '[') ? [{ ...path, statement, value: undefined, kind: 'changed' }] : [];
}

/** `with open(x) as f`, `except E as e`, `if (y := 1)`. */
function boundAs(
  tokens: Tokens,
  brackets: Brackets,
  { first, end }: Statement,
  statement: number,
): readonly Binding[] {
  const found: Binding[] = [];
  for (let i = first + 1; i < end; i++) {
    if (tokens.is(i, 'as') && tokens.isName(i + 1)) {
      found.push(bound(tokens, i + 1, statement, undefined));
    } else if (tokens.is(i, ':=') && tokens.isName(i - 1)) {
      found.push(bound(tokens, i - 1, statement, undefined));
    }
    const close = brackets.partner(i);
    if (close > i && !tokens.is(i, '(')) i = Math.min(close, end);
  }
  return found;
}

/** What commas separate, brackets within it aside. */
export function itemsBetween(
  tokens: Tokens,
  brackets: Brackets,
  from: number,
  end: number,
): readonly TokenSpan[] {
  const found: TokenSpan[] = [];
  let first = from;
  for (let i = from; i < end; i++) {
    const partner = brackets.partner(i);
    if (partner > i) i = Math.min(partner, end);
    else if (tokens.is(i, ',')) {
      if (i > first) found.push({ first, end: i });
      first = i + 1;
    }
  }
  if (end > first) found.push({ first, end });
  return found;
}

function bound(
  tokens: Tokens,
  token: number,
  statement: number,
  value: TokenSpan | undefined,
): Binding {
  return { path: tokens.textOf(token), token, statement, value, kind: 'set' };
}

/** A dotted name from a token on, and the token after it. */
export function pathAt(
  tokens: Tokens,
  from: number,
): { readonly path: string; readonly token: number; readonly next: number } | undefined {
  if (!tokens.isName(from)) return undefined;
  let [path, next] = [tokens.textOf(from), from + 1];
  while (tokens.is(next, '.') && tokens.isName(next + 1)) {
    path += `.${tokens.textOf(next + 1)}`;
    next += 2;
  }
  return { path, token: from, next };
}

/** Tokens that are names of their own, up to a word. */
function namesUntil(tokens: Tokens, from: number, end: number, stop: RegExp): readonly number[] {
  const found: number[] = [];
  for (let i = from; i < end && !stop.test(tokens.textOf(i)); i++) {
    const isAttribute = tokens.is(i - 1, '.') || tokens.is(i + 1, '.') || tokens.is(i + 1, ':');
    if (tokens.isName(i) && !isAttribute && !declarations.has(tokens.textOf(i))) found.push(i);
  }
  return found;
}
