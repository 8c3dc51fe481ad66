import type { Brackets } from './brackets';
import type { CodeLanguage } from './codeLanguage';
import type { Statements } from './statements';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** Brackets within brackets that are looked through. */
const mostDepth = 64;

/** Names that are an expression's own: those of comprehensions, lambdas and arrow functions. */
export class LocalNames {
  /** By the bracket that they are in; by −1 − statement where they are in none. */
  readonly #names = new Map<number, Set<string>>();

  constructor(
    private readonly brackets: Brackets,
    private readonly statements: Statements,
  ) {}

  add(name: string, token: number): void {
    const around = this.brackets.around(token);
    const key = around >= 0 ? around : -1 - this.statements.indexOf(token);
    const known = this.#names.get(key);
    if (known) known.add(name);
    else this.#names.set(key, new Set([name]));
  }

  /** Whether a name may be an expression's own at a token; in the whole bracket, as what is around it is not told apart. */
  has(name: string, token: number): boolean {
    if (this.#names.size === 0) return false;
    let around = this.brackets.around(token);
    for (let depth = 0; around >= 0; depth++) {
      if (depth === mostDepth || this.#names.get(around)?.has(name) === true) return true;
      around = this.brackets.around(around);
    }
    return this.#names.get(-1 - this.statements.indexOf(token))?.has(name) === true;
  }
}

/** `[f(c) for c in sizes]`, `lambda c: f(c)`, `sizes.map(c => f(c))`. */
export function* findLocalNames(
  tokens: Tokens,
  brackets: Brackets,
  statements: Statements,
  language: CodeLanguage,
): Steps<LocalNames> {
  const found = new LocalNames(brackets, statements);
  const isPython = language.blocks === 'indentation';
  for (let i = 0; i < tokens.count; i++) {
    if ((i & stepMask) === stepMask) yield;
    if (isPython && tokens.is(i, 'for') && brackets.around(i) >= 0)
      addUntil(found, tokens, i, 'in');
    else if (isPython && tokens.is(i, 'lambda')) addUntil(found, tokens, i, ':');
    else if (!isPython && tokens.is(i, '=>')) addParameters(found, tokens, brackets, i);
  }
  return found;
}

/** Tokens of a list of names that are looked at. */
const longest = 64;

function addUntil(found: LocalNames, tokens: Tokens, at: number, stop: string): void {
  for (let i = at + 1; i < at + longest && i < tokens.count && !tokens.is(i, stop); i++) {
    if (tokens.isName(i)) found.add(tokens.textOf(i), at);
  }
}

function addParameters(found: LocalNames, tokens: Tokens, brackets: Brackets, arrow: number): void {
  const open = tokens.is(arrow - 1, ')') ? brackets.partner(arrow - 1) : arrow - 2;
  for (let i = Math.max(open + 1, arrow - longest, 0); i < arrow; i++) {
    if (tokens.isName(i)) found.add(tokens.textOf(i), arrow);
  }
}
