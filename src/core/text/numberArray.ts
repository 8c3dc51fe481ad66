import type { Problem, TextRange } from '../problem';
import type { Shape } from '../tensor/shape';
import { readInBulk, type Expected } from './bulkReading';
import type { BulkScanner } from './bulkScanner';
import {
  closeBrace,
  closeBracket,
  comma,
  end,
  isDigit,
  minus,
  openBrace,
  openBracket,
} from './characters';
import { isQuote, nonFiniteValue, type JsonScanner } from './jsonScanner';
import type { NumberMemory } from './numberMemory';
import { NumberStore } from './numberStore';
import { looksNumeric, remedyForString, remedyForWord } from './numberWords';
import { ProblemList } from './problemList';
import { maximumRank, Rows } from './rows';

/** A JSON array of numbers, nested to any rank: what it holds and what is wrong with it. */
export interface NumberArray {
  /** Every number, in order, rounded as `Math.fround` does. A value that is not a number is NaN, and a problem. */
  readonly data: Float32Array;
  /** The first 16 numbers at most, as float64: a dimension above 2²⁴ is not exact in float32. */
  readonly exact: Float64Array;
  /** Meaningful when no problem is an error. */
  readonly shape: Shape;
  /** About brackets and commas: wrong in any JSON. */
  readonly syntax: readonly Problem[];
  /** About the values and the shape: wrong only where numbers are asked for. */
  readonly values: readonly Problem[];
  /** The first `true` or `false`; they are read as 1 and 0. */
  readonly firstBoolean: TextRange | undefined;
  /** The first number below 0. */
  readonly firstNegative: TextRange | undefined;
  /** False where its end was not found. */
  readonly closed: boolean;
}

/** What arrays of numbers are read with, and into. */
export interface NumberTools {
  readonly memory: NumberMemory;
  /** Reads the regular part faster, where the window is over its buffer. */
  readonly bulk?: BulkScanner;
}

/** What an array that holds an object was up to there. */
export interface UnfinishedList {
  /** Offsets of the brackets that are open, outermost first. */
  readonly brackets: readonly number[];
  readonly expected: Expected;
  readonly lastComma: number;
  readonly syntax: readonly Problem[];
}

const problemsKept = 20;

/**
 * Reads an array in one pass, without recursion: numbers go straight into a typed array that grows,
 * rounded to float32, with a warning where one overflows.
 */
export class NumberArrayReader {
  private expected: Expected = 'value or end';
  private readonly rows: Rows;
  private readonly store: NumberStore;
  private readonly syntax = new ProblemList(problemsKept);
  private readonly values = new ProblemList(problemsKept);
  private firstBoolean: TextRange | undefined;
  private firstNegative: TextRange | undefined;
  private lastComma = 0;
  /** False once the text has ended, or a string that is never closed has made the rest unreadable. */
  private closed = true;

  /**
   * @param scanner its cursor stands on `[`
   * @param lines whether the text's values, from the cursor on, are the rows of one array, as the lines
   *   of JSON Lines are
   */
  constructor(
    private readonly scanner: JsonScanner,
    private readonly tools: NumberTools,
    private readonly lines = false,
  ) {
    this.store = new NumberStore(tools.memory, scanner.window, () => scanner.at);
    this.rows = new Rows(this.values);
    if (lines) this.rows.open(scanner.at);
  }

  /**
   * Reads on to the array's end, or until a piece more of the text was fetched.
   * @returns `object` where the array holds an object, and is no array of numbers
   */
  advance(): 'paused' | 'done' | 'object' {
    const { scanner, rows } = this;
    const { pieces } = scanner.window;
    do {
      this.bulk();
      scanner.skipTrivia(this.syntax);
      const code = scanner.peek();
      if (isDigit(code) || code === minus) this.numbers();
      else if (code === comma) this.comma();
      else if (code === openBracket) this.open();
      else if (code === closeBracket) this.close();
      else if (code === openBrace) return 'object';
      else if (code === end || code === closeBrace) {
        this.ends(code);
        return 'done';
      } else this.other(code);
      if (this.store.refusal !== undefined) this.refuse();
      if (rows.depth === 0 || !this.closed) return 'done';
    } while (scanner.window.pieces === pieces);
    return 'paused';
  }

  result(): NumberArray {
    this.rows.finish();
    return {
      ...this.store.finish(),
      shape: this.rows.shape(),
      syntax: this.syntax.all(),
      values: this.values.all(),
      firstBoolean: this.firstBoolean,
      firstNegative: this.firstNegative,
      closed: this.closed,
    };
  }

  /** Gives up what was read: the array holds an object. */
  abandon(): UnfinishedList {
    this.store.discard();
    const brackets = this.rows.openBrackets();
    const { expected, lastComma } = this;
    const syntax = this.syntax.all();
    return { brackets: this.lines ? brackets.slice(1) : brackets, expected, lastComma, syntax };
  }

  /** Lets the bulk scanner read what it can. */
  private bulk(): void {
    const { scanner, rows, store, lines } = this;
    const { bulk } = this.tools;
    if (bulk === undefined || !scanner.window.isAscii) return;
    const { lastComma, negative, expected } = readInBulk(bulk, scanner, rows, store, {
      expected: this.expected,
      linesDepth: lines ? 1 : 0,
    });
    this.expected = expected;
    this.lastComma = lastComma ?? this.lastComma;
    this.firstNegative ??= negative;
  }

  /** The text, or the object around the array, ends before the array does. */
  private ends(code: number): void {
    const { rows, scanner } = this;
    if (this.lines && rows.depth === 1 && code === end) {
      rows.close(scanner.at);
      return;
    }
    this.closed = false;
    const at = rows.openedAt();
    this.syntax.add('error', 'bracket-unclosed', { start: at, end: at + 1 }, () => {
      const depth = rows.depth - (this.lines ? 1 : 0);
      if (depth === 1) return 'This "[" is never closed: add "]" after its last value.';
      const missing = depth <= maximumRank ? `"${']'.repeat(depth)}"` : `${depth} times "]"`;
      return `${depth} brackets are never closed, this one the last of them: add ${missing}.`;
    });
  }

  private refuse(): void {
    const { at } = this.scanner;
    this.closed = false;
    const { limit } = this.tools.memory;
    const tooMany = this.store.refusal === 'too-many';
    const code = tooMany ? 'tensor-too-large' : 'out-of-memory';
    this.syntax.add('error', code, { start: at, end: at }, () => {
      return tooMany
        ? `This array has more than ${limit} numbers, which is the limit: inspect a part of it.`
        : `There is not enough memory for the numbers of this array, of which ${this.store.count} were read: close other inspections, or use a part of it.`;
    });
  }

  private open(): void {
    this.beforeValue();
    this.rows.open(this.scanner.at++);
    this.expected = 'value or end';
  }

  private close(): void {
    if (this.expected === 'value') {
      const range = { start: this.lastComma, end: this.lastComma + 1 };
      this.syntax.add('error', 'trailing-comma', range, () => {
        return 'A comma stands before "]" with no value after it: remove the comma.';
      });
    }
    if (this.lines && this.rows.depth === 1) {
      this.closesNothing();
      return;
    }
    this.rows.close(++this.scanner.at);
    this.expected = 'comma or end';
  }

  private closesNothing(): void {
    const { at } = this.scanner;
    this.closed = false;
    this.syntax.add('error', 'bracket-mismatched', { start: at, end: at + 1 }, () => {
      return 'This "]" closes nothing that is open: remove it.';
    });
  }

  private comma(): void {
    const at = this.scanner.at++;
    if (this.lines && this.rows.depth === 1) {
      this.syntax.add('error', 'line-comma', { start: at, end: at + 1 }, () => {
        return 'JSON Lines has no comma between its lines: remove it.';
      });
      return;
    }
    this.lastComma = at;
    if (this.expected !== 'comma or end') {
      this.syntax.add('error', 'value-missing', { start: at, end: at + 1 }, () => {
        return 'A value is missing before this comma: write one, or remove the comma.';
      });
    }
    this.expected = 'value';
  }

  /** A value may stand here, or a comma is missing before it. */
  private beforeValue(): void {
    if (this.expected === 'comma or end' && !(this.lines && this.rows.depth === 1)) {
      const { at } = this.scanner;
      this.syntax.add('error', 'comma-missing', { start: at, end: at + 1 }, () => {
        return 'A comma is missing before this value.';
      });
    }
  }

  /** A number, and those that follow it in the same row: nearly all the time goes here. */
  private numbers(): void {
    const { scanner, rows, store } = this;
    const alone = this.tools.bulk === undefined || !scanner.window.isAscii;
    const inRow = !(this.lines && rows.depth === 1);
    const first = scanner.at;
    let count = 0;
    this.beforeValue();
    do {
      const start = scanner.at;
      if (!scanner.number(!store.wantsExact)) {
        rows.values(count, first);
        this.oddWord(start);
        return;
      }
      const { value } = scanner;
      // Beyond the largest float32, 3.4028235e38: the array rounds, and this says so.
      if (value > 3.4e38 || value < -3.4e38) {
        // So that problems come in one order, wherever the text was cut.
        rows.values(count, first);
        count = 0;
        this.checkOverflow(start, value);
      }
      if (value < 0) this.noteNegative(value, start);
      store.append(value);
      count++;
    } while (inRow && (alone || store.wantsExact) && scanner.commaThenNumber());
    rows.values(count, first);
    this.expected = 'comma or end';
  }

  private checkOverflow(start: number, value: number): void {
    const stored = Math.fround(value);
    if (Number.isFinite(stored)) return;
    const stop = this.scanner.at;
    this.values.add('warning', 'float32-overflow', { start, end: stop }, () => {
      const text = this.scanner.window.slice(start, stop);
      return `${text} is beyond the largest float32 (3.4028235e38), so it is read as ${stored}.`;
    });
  }

  private noteNegative(value: number, start: number): void {
    if (Math.fround(value) < 0) this.firstNegative ??= this.from(start);
  }

  private keep(value: number, start: number): void {
    if (value < 0) this.noteNegative(value, start);
    this.store.append(value);
    this.rows.values(1, start);
    this.expected = 'comma or end';
  }

  /** Whatever is neither a JSON number nor a bracket nor a comma. */
  private other(code: number): void {
    this.beforeValue();
    const start = this.scanner.at;
    if (isQuote(code)) this.quoted(start);
    else this.oddWord(start);
  }

  private quoted(start: number): void {
    const text = this.scanner.string(this.syntax);
    this.closed = text !== undefined;
    const value = text === undefined ? NaN : nonFiniteValue(text);
    if (value === undefined) {
      this.values.add('error', 'not-a-number', this.from(start), () => remedyForString(text ?? ''));
    }
    this.keep(value ?? NaN, start);
  }

  private oddWord(start: number): void {
    const word = this.scanner.word();
    const value = nonFiniteValue(word);
    if (value !== undefined) {
      this.keep(value, start);
      return;
    }
    if (word === 'true' || word === 'false') {
      this.firstBoolean ??= this.from(start);
      this.keep(word === 'true' ? 1 : 0, start);
      return;
    }
    const list = word === 'null' ? this.values : this.syntax;
    const code = looksNumeric(word) ? 'number-malformed' : 'not-a-number';
    list.add('error', code, this.from(start), () => remedyForWord(word));
    this.keep(NaN, start);
  }

  private from(start: number): TextRange {
    return { start, end: this.scanner.at };
  }
}
