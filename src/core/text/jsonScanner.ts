import {
  apostrophe,
  asterisk,
  carriageReturn,
  comma,
  dot,
  end,
  hash,
  isDelimiter,
  isDigit,
  isLineEnd,
  lineFeed,
  lowerE,
  minus,
  plus,
  quote,
  slash,
  space,
  tab,
  upperE,
  zero,
} from './characters';
import { decimalValue } from './decimalValue';
import type { ProblemList } from './problemList';
import { longestToken, type TextWindow } from './textWindow';
import { TokenRun } from './tokenRun';

const words: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/**
 * The value of `NaN`, `Infinity` or `-Infinity`, which Python writes bare and Normscope's own JSON in
 * quotes; undefined for any other word.
 */
export function nonFiniteValue(word: string): number | undefined {
  return words.get(word);
}

/**
 * A cursor over JSON text that allows comments. It moves over one token at a time, never recurses, and
 * leaves the cursor where it was when a token is not what was asked for.
 */
export class JsonScanner {
  at = 0;
  /** The number that `number()` last read. */
  value = 0;
  private power = 0;

  constructor(readonly window: TextWindow) {}

  /** Code unit at the cursor, or `end`. */
  peek(): number {
    const { window, at } = this;
    const i = at - window.base;
    return i < window.filled ? (window.units[i] as number) : window.codeAt(at, at);
  }

  /** Moves over white space and comments. A comment that is never closed runs to the end, and is a problem. */
  skipTrivia(problems: ProblemList): void {
    for (;;) {
      const code = this.peek();
      if (code === space || code === lineFeed || code === carriageReturn || code === tab) this.at++;
      else if (code === slash && isCommentMark(this.codeAfter())) this.skipComment(problems);
      else if (code === hash) this.skipHashComment(problems);
      else return;
    }
  }

  private codeAfter(): number {
    return this.window.codeAt(this.at + 1, this.at);
  }

  private skipComment(problems: ProblemList): void {
    const start = this.at;
    const long = this.codeAfter() === asterisk;
    if (!long) {
      this.skipLine();
      return;
    }
    this.at += 2;
    for (let code = this.peek(); code !== end; code = this.peek()) {
      if (code === asterisk && this.codeAfter() === slash) {
        this.at += 2;
        return;
      }
      this.at++;
    }
    problems.add('error', 'comment-unclosed', { start, end: start + 2 }, () => {
      return 'This comment is never closed: add */ at its end.';
    });
  }

  /** As Python writes them: skipped, but a problem, since JSON has no such comments anywhere. */
  private skipHashComment(problems: ProblemList): void {
    const start = this.at;
    this.skipLine();
    problems.add('error', 'comment-malformed', { start, end: this.at }, () => {
      return 'Comments start with // or stand between /* and */ here, not after #.';
    });
  }

  private skipLine(): void {
    for (let code = this.peek(); code !== end && !isLineEnd(code); code = this.peek()) this.at++;
  }

  /**
   * Reads a JSON number into `value`: exactly `Number()` of its text, or, where `forFloat32`, a number
   * that `Math.fround` rounds to the same float32 as that.
   * @returns false, without moving, where the text is not a JSON number, or one longer than any token
   */
  number(forFloat32: boolean): boolean {
    const { window } = this;
    for (;;) {
      const stop = this.numberAtHand(forFloat32);
      const cut = (stop < 0 ? ~stop : stop) === window.filled && !window.ended;
      if (cut && window.more(this.at)) continue;
      // What the text goes on with has just become known: it has ended.
      if (cut && window.ended) continue;
      if (cut || stop < 0 || window.base + stop - this.at > longestToken) return false;
      this.at = window.base + stop;
      return true;
    }
  }

  /** @returns where in the window the number ends; the complement of that, which is negative, where it ceases to be one */
  private numberAtHand(forFloat32: boolean): number {
    const { units, filled, base } = this.window;
    const start = this.at - base;
    let i = start;
    let code = unitAt(units, i, filled);
    const negative = code === minus;
    if (negative) code = unitAt(units, ++i, filled);
    const first = i;
    let mantissa = 0;
    let power = 0;
    for (; isDigit(code); code = unitAt(units, ++i, filled))
      mantissa = mantissa * 10 + (code - zero);
    if (i === first || (i > first + 1 && units[first] === zero)) return ~i;
    if (code === dot) {
      const fraction = ++i;
      code = unitAt(units, i, filled);
      for (; isDigit(code); code = unitAt(units, ++i, filled))
        mantissa = mantissa * 10 + (code - zero);
      if (i === fraction) return ~i;
      power = fraction - i;
    }
    if (code === lowerE || code === upperE) {
      const digits = this.exponent(units, i + 1, filled);
      if (digits < 0) return digits;
      i = digits;
      power += this.power;
      code = unitAt(units, i, filled);
    }
    if (!isDelimiter(code)) return ~i;
    const size = decimalValue(mantissa, power, forFloat32);
    // NaN: only the slow way is sure of the last bit.
    if (size === size) this.value = negative ? -size : size;
    else this.value = Number(this.window.slice(this.at, base + i));
    return i;
  }

  /**
   * Moves over a comma and at most one space to what looks like a number: the usual way from one number
   * to the next.
   * @returns false, without moving, where something else follows, or it is not yet at hand
   */
  commaThenNumber(): boolean {
    const { units, filled, base } = this.window;
    let i = this.at - base;
    if (unitAt(units, i, filled) !== comma) return false;
    let code = unitAt(units, ++i, filled);
    if (code === space) code = unitAt(units, ++i, filled);
    if (!isDigit(code) && code !== minus) return false;
    this.at = base + i;
    return true;
  }

  /**
   * Reads an exponent's sign and digits into `power`.
   * @returns where in the window they end; the complement of that where there are none
   */
  private exponent(units: Units, start: number, filled: number): number {
    let at = start;
    const sign = unitAt(units, at, filled);
    if (sign === plus || sign === minus) at++;
    const digits = at;
    let power = 0;
    for (let code = unitAt(units, at, filled); isDigit(code); code = unitAt(units, ++at, filled)) {
      power = power * 10 + (code - zero);
    }
    this.power = sign === minus ? -power : power;
    return at === digits ? ~at : at;
  }

  /**
   * Moves over a run of characters that belong together: a word, or a number in a form that JSON does
   * not have. At least one character, unless the text has ended.
   * @returns the run, of a very long one the start
   */
  word(): string {
    const start = this.at;
    const run = new TokenRun(this.window, start);
    for (let code = this.peek(); !isDelimiter(code) && code !== apostrophe; code = run.peek()) {
      run.at++;
    }
    if (run.at === start && this.peek() !== end) run.at++;
    this.at = run.at;
    return run.text();
  }

  /**
   * Reads a string in double quotes, or in single quotes, which is a problem that says so.
   * @returns its value, of a very long one the start as it is written; undefined, after a problem, where
   *   it is never closed
   */
  string(problems: ProblemList): string | undefined {
    const start = this.at;
    const closing = this.peek();
    const run = new TokenRun(this.window, start);
    const closed = run.skipString(closing);
    this.at = run.at;
    const range = { start, end: run.at };
    if (!closed) {
      problems.add('error', 'string-unclosed', range, () => {
        const mark = String.fromCharCode(closing);
        return `This string is not closed on its line: add ${mark} at its end.`;
      });
      return undefined;
    }
    const literal = run.text();
    const inside = run.isLong ? literal.slice(1) : literal.slice(1, -1);
    if (closing === apostrophe) {
      problems.add(
        'error',
        'single-quotes',
        range,
        () => 'JSON strings stand in double quotes (").',
      );
      return inside;
    }
    const value = run.isLong ? inside : decodeString(literal);
    if (value !== undefined) return value;
    problems.add('error', 'string-malformed', range, () => {
      return 'This string has an escape or a control character that JSON does not allow: write \\\\ for a backslash, \\t for a tab.';
    });
    return inside;
  }
}

type Units = TextWindow['units'];

function unitAt(units: Units, i: number, filled: number): number {
  return i < filled ? (units[i] as number) : end;
}

function isCommentMark(code: number): boolean {
  return code === slash || code === asterisk;
}

function decodeString(literal: string): string | undefined {
  if (!literal.includes('\\') && !/[\u0000-\u001f]/.test(literal)) return literal.slice(1, -1);
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the code unit opens a string, in JSON or in Python. */
export function isQuote(code: number): boolean {
  return code === quote || code === apostrophe;
}
