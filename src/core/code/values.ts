import { lastBefore, type Binding, type TokenSpan } from './bindings';
import type { CodeFile } from './codeFile';
import { evaluateExpression, tooMuch, type Budget } from './evaluate';
import { unknown, type Evaluation } from './evaluation';
import { classAround, functionAround, parametersOf, statementsAround } from './scopes';

/** Variables that one expression may lead to, one after the other. */
const mostLinks = 8;

/** What may be spent on the expressions of one call, or of one rule, with the variables that they lead to: some 40 ms at worst. */
const mostOfTurn = 3 << 20;

/** What may be spent on a file as a whole: half a second at worst, of which no piece is longer than a turn. */
const mostOfFile = 1 << 26;

/** Elements of one file's values that are kept. */
const mostKept = 1 << 21;

/** Values of a file's expressions, each evaluated once: `b = a + a`, `c = b + b` would else double at each link. */
class Values {
  readonly #known = new Map<string, Evaluation>();
  #kept = 0;
  #ofFile = mostOfFile;
  #given = mostOfTurn;
  #turn: Budget = { left: mostOfTurn };

  /** What is left of this turn. */
  get turn(): Budget {
    return this.#turn;
  }

  begin(): void {
    this.#ofFile -= this.#given - Math.max(0, this.#turn.left);
    this.#given = Math.min(mostOfTurn, this.#ofFile);
    this.#turn = { left: this.#given };
  }

  get(key: string): Evaluation | undefined {
    return this.#known.get(key);
  }

  /** What is too large to be kept is evaluated again, within the budget of who asks. */
  set(key: string, value: Evaluation): void {
    const size = sizeOf(value);
    if (this.#kept + size > mostKept) return;
    this.#kept += size;
    this.#known.set(key, value);
  }
}

const values = new WeakMap<CodeFile, Values>();

function valuesOf(file: CodeFile): Values {
  const known = values.get(file) ?? new Values();
  values.set(file, known);
  return known;
}

function sizeOf(value: Evaluation): number {
  if (value.kind === 'tensor') return value.values.length + 1;
  return value.kind === 'list' ? value.items.reduce((sum, item) => sum + sizeOf(item), 1) : 1;
}

/** Lets the next call, or the next rule, spend as much again on a file, as long as the whole file has not cost too much. */
export function beginTurn(file: CodeFile): void {
  valuesOf(file).begin();
}

/** The value of an expression, which must take all of a span; `unknown` with the reason where it cannot be told. */
export function evaluateSpan(
  file: CodeFile,
  span: TokenSpan,
  links = mostLinks,
  budget = valuesOf(file).turn,
): Evaluation {
  const kept = valuesOf(file);
  const key = `${span.first} ${span.end} ${links}`;
  const known = kept.get(key);
  if (known) return known;
  if (budget.left < 0) return unknown(tooMuch);
  const value = evaluateAnew(file, span, links, budget);
  // What ended with the budget of one call may be within another's.
  if (budget.left >= 0) kept.set(key, value);
  return value;
}

function evaluateAnew(
  file: CodeFile,
  { first, end }: TokenSpan,
  links: number,
  budget: Budget,
): Evaluation {
  const { tokens, text, language } = file;
  if (end <= first) return unknown('nothing is there');
  const from = tokens.start(first);
  const lookup = (path: string): Evaluation | undefined =>
    valueOf(file, path, first, links, budget);
  // Within brackets an expression may go on over lines, which the evaluator knows where it sees them.
  const evaluated = evaluateExpression(text, from, language.literals, { lookup, budget });
  const stops = tokens.end(end - 1);
  if (evaluated.value.kind === 'unknown' || evaluated.end >= stops) return evaluated.value;
  return unknown('it is part of an expression that is not evaluated');
}

/**
 * What a variable, or an attribute of `self`, is at a token. Undefined where the file binds no such name.
 * One that is a parameter, is set in a branch that the token is not in, or is changed on the way is unknown.
 */
function valueOf(
  file: CodeFile,
  path: string,
  token: number,
  links: number,
  budget: Budget,
): Evaluation | undefined {
  const found = bindingAt(file, path, token);
  if (found === undefined || 'kind' in found) return found;
  if (links === 0) return unknown('it leads too far');
  const { value } = found.binding;
  if (!value) return unknown(`${path} is set by what is not evaluated`);
  return evaluateSpan(file, value, links - 1, budget);
}

/** The binding that says what a path is at a token, or why none does; undefined where there is none at all. */
export function bindingAt(
  file: CodeFile,
  path: string,
  token: number,
): { readonly binding: Binding } | Extract<Evaluation, { kind: 'unknown' }> | undefined {
  // What an object is as a whole is not known here; its attributes are looked up by their own paths.
  if (path === 'self' || path === 'this') return undefined;
  const { bindings } = file;
  const at = file.statements.indexOf(token);
  const isAttribute = /^(?:self|this|cls)\./.test(path);
  if (bindings.of(path).length === 0 && !path.includes('.')) {
    return parameterAround(file, path, functionAround(file, at));
  }
  if (isAttribute) {
    return bindings.of(path).length === 0
      ? undefined
      : onlyOne(path, bindings.inClass(path, classAround(file, at)));
  }
  const head = path.replace(/\..*$/, '');
  if (file.localNames.has(head, token)) return unknown(`${head} is of the expression around it`);
  let scope = functionAround(file, at);
  for (let isInner = true; ; isInner = false) {
    const own = bindings.inFunction(path, scope);
    if (own.length > 0) {
      if (bindings.isSetWithin(path, scope)) {
        return unknown(`${path} is also set in another function`);
      }
      return isInner && at >= 0 ? nearest(file, path, own, token, at) : onlyOne(path, own);
    }
    if (scope < 0) return undefined;
    if (parametersOf(file, scope).has(head))
      return unknown(`${head} is a parameter of its function`);
    scope = functionAround(file, scope);
  }
}

/** A name that nothing binds may still be a parameter of a function around. */
function parameterAround(
  file: CodeFile,
  name: string,
  from: number,
): Extract<Evaluation, { kind: 'unknown' }> | undefined {
  for (let scope = from; scope >= 0; scope = functionAround(file, scope)) {
    if (parametersOf(file, scope).has(name)) {
      return unknown(`${name} is a parameter of its function`);
    }
  }
  return undefined;
}

/** The only binding of those that may have happened by the time that a function runs. */
function onlyOne(
  path: string,
  bindings: readonly Binding[],
): { readonly binding: Binding } | Extract<Evaluation, { kind: 'unknown' }> {
  const [binding, another] = bindings;
  if (!binding) return unknown(`${path} is set elsewhere`);
  return another ? unknown(`${path} is set more than once`) : { binding };
}

function nearest(
  file: CodeFile,
  path: string,
  bindings: readonly Binding[],
  token: number,
  at: number,
): { readonly binding: Binding } | Extract<Evaluation, { kind: 'unknown' }> {
  let index = lastBefore(bindings, token, ({ token: own }) => own);
  // `x = x + 1` is of the x before it.
  const last = bindings[index];
  if (last?.statement === at && token < (last.value?.end ?? Infinity)) index--;
  const binding = bindings[index];
  if (!binding) return unknown(`${path} is set later`);
  if (binding.kind === 'changed') return unknown(`${path} is changed on the way`);
  const around = statementsAround(file, at);
  const block = blockOf(file, binding.statement);
  if (!around.includes(block)) return unknown(`${path} is set in a branch`);
  const next = bindings[index + 1];
  const isCarried = next && isInLoopOf(file, around, binding.statement, next.statement);
  if (isCarried === true) return unknown(`${path} is set again in the loop`);
  return isFilled(file, path, binding.token, token)
    ? unknown(`${path} is changed on the way`)
    : { binding };
}

/** Whether a later statement is in a loop around a place that an earlier one is before: it runs before the place as well. */
function isInLoopOf(
  file: CodeFile,
  around: readonly number[],
  earlier: number,
  later: number,
): boolean {
  const { all } = file.statements;
  const before = new Set(statementsAround(file, earlier));
  const loops = around.filter(header => all[header]?.kind === 'loop' && !before.has(header));
  if (loops.length === 0) return false;
  return statementsAround(file, later).some(header => loops.includes(header));
}

/** Methods that change what they are called on. */
const filling =
  /^(?:append|extend|insert|pop|remove|clear|sort|reverse|fill|itemset|resize|put|set|push|splice|assign\w*|\w+[a-z]_)$/;

/** Calls of one name that are looked at. */
const mostCalls = 64;

/** Whether a method changes what a name is between two tokens: `x.fill_(2)`, `sizes.append(4)`. */
function isFilled(file: CodeFile, path: string, from: number, token: number): boolean {
  const calls = file.callIndex.on(path);
  const first = lastBefore(calls, from, ({ open }) => open) + 1;
  const last = lastBefore(calls, token, ({ open }) => open);
  if (last - first >= mostCalls) return true;
  return calls
    .slice(first, last + 1)
    .some(call => call.path.length > path.length && filling.test(call.path.slice(path.length + 1)));
}

/** The block that a statement certainly runs with: that of a `with` is part of the one around it. */
function blockOf(file: CodeFile, statement: number): number {
  let block = file.statements.all[statement]?.parent ?? -1;
  while (file.statements.all[block]?.kind === 'context') {
    block = file.statements.all[block]?.parent ?? -1;
  }
  return block;
}
