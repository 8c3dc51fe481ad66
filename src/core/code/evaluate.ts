import { isBlank, isNameCharacter } from '../text/literalCharacters';
import { commentEnd } from '../text/literalParse';
import { NumberScanner } from '../text/numberScanner';
import type { LanguageProfile } from '../text/literalLanguage';
import { isDigit } from '../text/characters';
import { operate, type Operator } from './arithmetic';
import { asTensor, unknown, type Evaluation, type Unknown } from './evaluation';
import type { Arguments } from './functions/callable';
import { methods, transposed } from './functions/methods';
import { libraryFunction } from './functions/registry';

/** What stands at a place of a text, and where it ends. */
export interface Evaluated {
  readonly value: Evaluation;
  /** Just after the expression; where reading stopped, if it is unknown. */
  readonly end: number;
}

export interface EvaluateOptions {
  /** The value that a variable has there; without one, variables are unknown. */
  readonly lookup?: (name: string) => Evaluation | undefined;
  /** Characters of an expression that are read; 64 Ki unless told. */
  readonly limit?: number;
  /** What may be spent on it, and on the variables that it leads to; without one, nothing is counted. */
  readonly budget?: Budget;
}

/** Counts down while expressions are evaluated: one for each element that is made, and for each part what it takes to read. */
export interface Budget {
  left: number;
}

const defaultLimit = 1 << 16;

/** A part of an expression takes as long to read as this many elements take to make. */
const partCost = 128;

/** Brackets and calls that may nest. */
const maximumDepth = 32;

/**
 * Tells the value of the Python or JavaScript expression that starts at an offset, without running anything: numbers,
 * lists, the functions of `functions/registry.ts`, methods of tensors, + − * / and **. Anything else is `unknown`, with
 * the reason. Bounded in time, depth and elements.
 */
export function evaluateExpression(
  text: string,
  start: number,
  language: LanguageProfile,
  options: EvaluateOptions = {},
): Evaluated {
  return new ExpressionReader(text, start, language, options).read();
}

const constants: ReadonlyMap<string, Evaluation> = new Map<string, Evaluation>([
  ['True', { kind: 'boolean', value: true }],
  ['true', { kind: 'boolean', value: true }],
  ['False', { kind: 'boolean', value: false }],
  ['false', { kind: 'boolean', value: false }],
  ['None', { kind: 'nothing' }],
  ['null', { kind: 'nothing' }],
  ['undefined', { kind: 'nothing' }],
]);

/** Words of the languages that begin or join expressions which are not evaluated. */
const operators = /^(?:if|else|and|or|not|in|is|for|lambda|await|yield|function|typeof|async)$/;

export const tooMuch = 'it takes too long to evaluate';

class ExpressionReader {
  private at: number;
  private readonly end: number;
  private depth = 0;
  /** Open ones, within which a line's end ends nothing. */
  private brackets = 0;
  /** Why the text from here on cannot be read. */
  private failed: Unknown | undefined;
  private readonly number: NumberScanner;

  constructor(
    private readonly text: string,
    start: number,
    private readonly language: LanguageProfile,
    private readonly options: EvaluateOptions,
  ) {
    this.at = start;
    this.end = Math.min(text.length, start + (options.limit ?? defaultLimit));
    this.number = new NumberScanner(text, language);
  }

  read(): Evaluated {
    const value = this.sum();
    let end = this.at;
    while (isBlank(this.text.charCodeAt(end - 1))) end--;
    if (!this.failed) this.expectEnd();
    return { value: this.failed ?? value, end };
  }

  /** Nothing may go on that would make another expression of it. */
  private expectEnd(): void {
    this.skipBlank();
    const char = this.text.charAt(this.at);
    if (char === '' || '\n\r,;)]}:#'.includes(char)) return;
    if (char === '/' && commentEnd(this.text, this.at, this.language) > 0) return;
    if (isNameCharacter(char.charCodeAt(0)) && !operators.test(this.wordAt(this.at))) return;
    this.fail('it is part of an expression that is not evaluated');
  }

  private sum(): Evaluation {
    let left = this.product();
    for (;;) {
      this.skipBlank();
      const char = this.text.charAt(this.at);
      if ((char !== '+' && char !== '-') || this.failed || this.text.charAt(this.at + 1) === '=')
        return left;
      this.at++;
      left = this.spend(operate(char, left, this.product()));
    }
  }

  private product(): Evaluation {
    let left = this.sign();
    for (;;) {
      this.skipBlank();
      const operator = this.productOperator();
      if (!operator || this.failed) return left;
      this.at++;
      left = this.spend(operate(operator, left, this.sign()));
    }
  }

  /** `*` or `/` and neither `**`, `//` nor a comment. */
  private productOperator(): Operator | undefined {
    const char = this.text.charAt(this.at);
    if (char !== '*' && char !== '/') return undefined;
    const next = this.text.charAt(this.at + 1);
    return next === char || next === '=' || next === '*' ? undefined : char;
  }

  private sign(): Evaluation {
    this.skipBlank();
    const char = this.text.charAt(this.at);
    if (char !== '-' && char !== '+') return this.power();
    this.at++;
    const operand = this.nested(() => this.sign());
    return char === '+' ? operand : operate('*', { kind: 'number', value: -1 }, operand);
  }

  private power(): Evaluation {
    const base = this.spend(this.postfix(this.primary()));
    this.skipBlank();
    if (this.failed || !this.text.startsWith('**', this.at)) return base;
    this.at += 2;
    return this.spend(
      operate(
        '**',
        base,
        this.nested(() => this.sign()),
      ),
    );
  }

  /** Counts what was made. */
  private spend(value: Evaluation): Evaluation {
    const { budget } = this.options;
    if (!budget) return value;
    budget.left -= partCost + (value.kind === 'tensor' ? value.values.length : 0);
    return budget.left < 0 ? this.fail(tooMuch) : value;
  }

  private primary(): Evaluation {
    this.skipBlank();
    const char = this.text.charAt(this.at);
    if (this.at >= this.end) {
      return this.fail(this.end < this.text.length ? 'it is too long' : 'it ends too soon');
    }
    if (char === '[') return this.list(']');
    if (char === '(') return this.parentheses();
    if (char === '"' || char === "'") return this.quoted();
    if (isDigit(char.charCodeAt(0)) || char === '.') {
      if (!this.number.scan(this.at)) return this.fail('it has a number that is none');
      this.at = this.number.end;
      return { kind: 'number', value: this.number.value };
    }
    const word = this.wordAt(this.at);
    if (word === '')
      return this.fail(char === '' ? 'it ends too soon' : `${char} is not evaluated`);
    if (word === 'new') {
      this.at += word.length;
      return this.primary();
    }
    if (operators.test(word)) return this.fail(`${word} is not evaluated`);
    return this.named(word);
  }

  /** A variable, or a dotted name up to the call of it. */
  private named(word: string): Evaluation {
    this.at += word.length;
    const constant = constants.get(word);
    if (constant) return constant;
    const variable = this.options.lookup?.(word);
    if (variable) return variable;
    let path = word;
    while (this.text.charAt(this.at) === '.') {
      const next = this.wordAt(this.at + 1);
      if (next === '') break;
      path += `.${next}`;
      this.at += 1 + next.length;
    }
    const attribute = path === word ? undefined : this.options.lookup?.(path);
    if (attribute) return attribute;
    if (/(?:^|\.)(?:nan|NaN|NAN)$/.test(path)) return { kind: 'number', value: NaN };
    if (/(?:^|\.)(?:inf|Infinity)$/.test(path)) return { kind: 'number', value: Infinity };
    return { kind: 'name', path };
  }

  private postfix(value: Evaluation): Evaluation {
    let result = value;
    for (;;) {
      if (this.failed) return result;
      const char = this.text.charAt(this.at);
      if (char === '(') result = this.spend(this.call(result));
      else if (char === '[') return this.fail('parts of tensors are not evaluated');
      else if (this.continuesWithDot()) result = this.spend(this.attribute(result));
      else break;
    }
    // What a name alone means, only its own program knows; a function or a dtype may be an argument.
    return result;
  }

  /** JavaScript's chains go on after a line's end. */
  private continuesWithDot(): boolean {
    let i = this.at;
    if (this.language.id === 'javascript' || this.brackets > 0)
      while (isBlank(this.text.charCodeAt(i))) i++;
    if (this.text.charAt(i) !== '.' || this.wordAt(i + 1) === '') return false;
    this.at = i;
    return true;
  }

  private attribute(of: Evaluation): Evaluation {
    const name = this.wordAt(this.at + 1);
    this.at += 1 + name.length;
    if (this.text.charAt(this.at) === '(') {
      const given = this.arguments();
      if (this.failed || of.kind === 'unknown') return of;
      return methods.get(name)?.(of, given) ?? unknown(`.${name}() is not evaluated`);
    }
    if (of.kind === 'unknown') return of;
    if (name === 'data') return of;
    if (name !== 'T' || of.kind !== 'tensor') return unknown(`.${name} is not evaluated`);
    return transposed(
      of,
      of.shape.map((_, axis) => of.shape.length - 1 - axis),
    );
  }

  private call(callee: Evaluation): Evaluation {
    const given = this.arguments();
    if (this.failed || callee.kind === 'unknown') return callee;
    if (callee.kind !== 'name') return unknown('what is called is no function');
    const { path } = callee;
    const known = libraryFunction(path)?.(given, path);
    if (known) return known;
    return this.boundMethod(path, given) ?? unknown(`${path}() is not evaluated`);
  }

  /** `x.reshape(…)` of a variable whose path was read as one name. */
  private boundMethod(path: string, given: Arguments): Evaluation | undefined {
    const dot = path.lastIndexOf('.');
    const method = dot > 0 ? methods.get(path.slice(dot + 1)) : undefined;
    if (!method) return undefined;
    const of = this.options.lookup?.(path.slice(0, dot));
    return of ? method(of, given) : unknown(`${path}() is not evaluated`);
  }

  private arguments(): Arguments {
    const positional: Evaluation[] = [];
    const named = new Map<string, Evaluation>();
    this.at++;
    this.brackets++;
    while (!this.failed) {
      this.skipBlank();
      if (this.text.charAt(this.at) === ')') break;
      const name = this.keyword();
      const value = this.nested(() => this.sum());
      if (name === undefined) positional.push(value);
      else named.set(name, value);
      this.skipBlank();
      const char = this.text.charAt(this.at);
      if (char === ',') this.at++;
      else if (char !== ')') this.fail('an argument of it is not evaluated');
    }
    this.brackets--;
    this.at++;
    return { positional, named };
  }

  /** The name before an argument's `=`, past which it reads. */
  private keyword(): string | undefined {
    const name = this.wordAt(this.at);
    if (name === '') return undefined;
    let i = this.at + name.length;
    while (isBlank(this.text.charCodeAt(i))) i++;
    if (this.text.charAt(i) !== '=' || this.text.charAt(i + 1) === '=') return undefined;
    this.at = i + 1;
    return name;
  }

  private parentheses(): Evaluation {
    const items = this.items(')');
    const isTuple = items.length !== 1 || this.commaLast;
    return isTuple ? listOf(items) : (items[0] as Evaluation);
  }

  private list(close: string): Evaluation {
    return listOf(this.items(close));
  }

  /** Whether the last list or tuple read had a comma after its last item. */
  private commaLast = false;

  private items(close: string): readonly Evaluation[] {
    const items: Evaluation[] = [];
    let comma = false;
    this.at++;
    this.brackets++;
    while (!this.failed) {
      this.skipBlank();
      if (this.text.charAt(this.at) === close) break;
      items.push(this.nested(() => this.sum()));
      this.skipBlank();
      const char = this.text.charAt(this.at);
      comma = char === ',';
      if (comma) this.at++;
      else if (char !== close) this.fail('what is listed in it is not evaluated');
    }
    this.brackets--;
    this.at++;
    this.commaLast = comma;
    return items;
  }

  private quoted(): Evaluation {
    const quote = this.text.charAt(this.at);
    let i = this.at + 1;
    while (i < this.end && this.text.charAt(i) !== quote && this.text.charAt(i) !== '\n') {
      i += this.text.charAt(i) === '\\' ? 2 : 1;
    }
    const value = this.text.slice(this.at + 1, i);
    this.at = i + 1;
    return { kind: 'string', value };
  }

  private nested(read: () => Evaluation): Evaluation {
    if (this.depth > maximumDepth) return this.fail('it is nested too deep');
    this.depth++;
    const value = read();
    this.depth--;
    return value;
  }

  /** Within brackets lines and comments pass; outside, a line's end is the expression's. */
  private skipBlank(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      const char = this.text.charAt(this.at);
      const lineEnd = char === '\n' || char === '\r';
      if (isBlank(code) && (!lineEnd || this.brackets > 0)) this.at++;
      else if (char === '\\' && /^\\\r?\n/.test(this.text.slice(this.at, this.at + 3)))
        this.at += 2;
      else if (this.brackets > 0 && (char === '#' || char === '/')) {
        const end = commentEnd(this.text, this.at, this.language);
        if (end < 0) return;
        this.at = end;
      } else return;
    }
  }

  private wordAt(at: number): string {
    let i = at;
    const first = this.text.charCodeAt(i);
    if (isDigit(first)) return '';
    while (i < this.end && isNameCharacter(this.text.charCodeAt(i))) i++;
    return this.text.slice(at, i);
  }

  private fail(reason: string): Unknown {
    return (this.failed ??= unknown(reason));
  }
}

/** A list of numbers alone is a tensor where one is wanted; of others, the first unknown is its reason. */
function listOf(items: readonly Evaluation[]): Evaluation {
  return items.find(item => item.kind === 'unknown') ?? { kind: 'list', items };
}

/** The expression as a tensor: lists of numbers become one. */
export function evaluateTensor(evaluated: Evaluated): Evaluation {
  const { value } = evaluated;
  return value.kind === 'list'
    ? (asTensor(value) ?? unknown('its rows are not of one length'))
    : value;
}
