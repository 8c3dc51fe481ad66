import {
  carriageReturn,
  closeBracket,
  comma,
  dot,
  hash,
  lineFeed,
  openBracket,
  slash,
  space,
  tab,
} from './characters';
import { closeParen, ellipsis, isBlank, noBreakSpace, openParen } from './literalCharacters';
import type { LanguageProfile } from './literalLanguage';
import { NumberScanner } from './numberScanner';

export const maximumDepth = 32;

/** Where nesting stops being regular. */
export interface Raggedness {
  /** Offset of the row, or of the number among rows, that does not fit. */
  readonly at: number;
  readonly message: string;
}

/** What a nested literal holds, whether or not it makes a tensor. */
export interface ParsedNumbers {
  readonly kind: 'numbers';
  /** Just after the closing bracket. */
  readonly end: number;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  readonly ragged?: Raggedness;
  /** A `...` stands for values that were not printed. */
  readonly elided: boolean;
  /** Values spelled `true` or `false`. */
  readonly booleans: number;
  /** Integers that float32 rounds. */
  readonly rounded: number;
  /** Finite numbers beyond float32, which became infinite. */
  readonly overflowed: number;
}

export type ParseOutcome =
  | ParsedNumbers
  /** Something that is no number; the brackets still open there, outermost first. */
  | { readonly kind: 'foreign'; readonly open: readonly number[] }
  /** The brackets open there, outermost first: one more than a literal may nest. */
  | { readonly kind: 'tooDeep'; readonly open: readonly number[] }
  /** The limit came before the closing bracket. */
  | { readonly kind: 'tooLarge'; readonly values: number };

/**
 * Parses the nested numeric literal whose opening bracket is at `start`. Iterative: depth costs no
 * stack. About 6 ns a character.
 * @param limit offset past which it gives up
 */
export function parseNumbers(
  text: string,
  start: number,
  limit: number,
  language: LanguageProfile,
): ParseOutcome {
  return new LiteralParser(text, language).parse(start, limit);
}

/** Parses literals of one text, one after the other: a search makes many attempts and one parser. */
export class LiteralParser {
  /** Characters that all attempts together have read. */
  charactersRead = 0;
  private readonly number: NumberScanner;
  private data = new Float32Array(64);
  private count = 0;
  /** Offsets of the open brackets. */
  private readonly open: number[] = [];
  /** Children seen so far, by depth. */
  private readonly counts: number[] = [];
  /** Children of the first bracket closed at each depth. */
  private readonly sizes: (number | undefined)[] = [];
  /** Depths whose parentheses group one value and are no tuples. */
  private readonly grouping: (boolean | undefined)[] = [];
  private leafDepth = 0;
  private ragged: Raggedness | undefined;
  private elided = false;
  private booleans = 0;
  private rounded = 0;
  private overflowed = 0;
  private afterValue = false;
  private afterComma = false;
  private afterSpace = false;
  /** Whether a comma stood at each depth: `(1,)` is a tuple, `(1)` is not. */
  private readonly commas: boolean[] = [];

  constructor(
    private readonly text: string,
    private readonly language: LanguageProfile,
  ) {
    this.number = new NumberScanner(text, language);
  }

  /** @param limit offset past which it gives up */
  parse(start: number, limit: number): ParseOutcome {
    this.reset();
    const end = Math.min(limit, this.text.length);
    let i = start;
    let next = start;
    while (next >= 0 && next < end) {
      i = next;
      next = this.step(i);
      if (next >= 0 && (this.open.length === 0 || this.open.length > maximumDepth)) break;
    }
    this.charactersRead += Math.max(i, next) - start;
    if (next >= 0 && this.open.length === 0) return this.finish(next);
    if (this.open.length > maximumDepth) return { kind: 'tooDeep', open: [...this.open] };
    if (next >= 0 && limit < this.text.length) return { kind: 'tooLarge', values: this.count };
    return { kind: 'foreign', open: [...this.open] };
  }

  private reset(): void {
    for (const list of [this.open, this.counts, this.sizes, this.grouping, this.commas]) {
      // Setting the length to 0 would give the storage back, and a search comes here often.
      while (list.length > 0) list.pop();
    }
    this.count = this.leafDepth = this.booleans = this.rounded = this.overflowed = 0;
    this.ragged = undefined;
    this.elided = this.afterValue = this.afterComma = this.afterSpace = false;
  }

  /** Consumes what stands at `i`. @returns the next offset, or −1 where it cannot be in a literal */
  private step(i: number): number {
    const code = this.text.charCodeAt(i);
    switch (code) {
      case space:
      case lineFeed:
      case carriageReturn:
      case tab:
      case noBreakSpace:
        this.afterSpace = true;
        return i + 1;
      case comma:
        return this.separate() ? i + 1 : -1;
      case openBracket:
        return this.enter(i) ? i + 1 : -1;
      case openParen:
        return this.language.tuples && this.enter(i) ? i + 1 : -1;
      case closeBracket:
        return this.leave(openBracket) ? i + 1 : -1;
      case closeParen:
        return this.leave(openParen) ? i + 1 : -1;
      case hash:
      case slash:
        return commentEnd(this.text, i, this.language);
      default:
        return this.value(i, code);
    }
  }

  private separate(): boolean {
    if (!this.afterValue) return false;
    this.afterValue = false;
    this.afterComma = true;
    this.commas[this.open.length] = true;
    return true;
  }

  /** Whether a value may start here: after a bracket or a comma, or after a space in printed arrays. */
  private mayStart(): boolean {
    return !this.afterValue || (this.language.printed && this.afterSpace);
  }

  private started(): void {
    const depth = this.open.length;
    this.counts[depth] = (this.counts[depth] ?? 0) + 1;
    this.afterComma = false;
    this.afterSpace = false;
  }

  private enter(i: number): boolean {
    if (!this.mayStart()) return false;
    if (this.open.length > 0) this.started();
    this.open.push(i);
    const depth = this.open.length;
    this.counts[depth] = 0;
    this.commas[depth] = false;
    this.afterValue = false;
    this.afterSpace = false;
    if (this.leafDepth > 0 && depth > this.leafDepth)
      this.note(i, 'a row stands among numbers', depth - 1);
    return true;
  }

  private leave(opener: number): boolean {
    const depth = this.open.length;
    const start = this.open[depth - 1];
    if (start === undefined || this.text.charCodeAt(start) !== opener) return false;
    if (this.afterComma && !this.language.trailingComma) return false;
    const count = this.counts[depth] as number;
    const groups = opener === openParen && count === 1 && this.commas[depth] !== true;
    this.grouping[depth] = groups && this.grouping[depth] !== false;
    const size = this.sizes[depth];
    if (size === undefined) this.sizes[depth] = count;
    else if (size !== count) this.noteSize(start, depth, count, size);
    this.open.pop();
    this.afterValue = true;
    this.afterComma = false;
    this.afterSpace = false;
    return true;
  }

  private value(i: number, code: number): number {
    if (!this.mayStart()) return -1;
    if (code === ellipsis || (code === dot && this.text.startsWith('...', i))) {
      if (!this.language.printed) return this.continued(i);
      this.elided = true;
      this.afterValue = true;
      this.afterComma = false;
      return i + (code === ellipsis ? 1 : 3);
    }
    if (!this.number.scan(i)) return -1;
    this.started();
    const depth = this.open.length;
    if (this.leafDepth === 0) this.leafDepth = depth;
    const deeper = this.sizes.length > depth + 1;
    if (depth !== this.leafDepth || deeper) this.note(i, 'a number stands among rows', depth);
    this.afterValue = true;
    this.push(this.number.value);
    if (this.number.isBoolean) this.booleans++;
    return this.number.end;
  }

  /** Past the mark of a line that goes on in a shell. */
  private continued(i: number): number {
    const { continuation } = this.language;
    if (continuation === '' || !this.text.startsWith(continuation, i)) return -1;
    let before = i - 1;
    while (isBlank(this.text.charCodeAt(before)) && this.text.charCodeAt(before) !== lineFeed)
      before--;
    return this.text.charCodeAt(before) === lineFeed ? i + continuation.length : -1;
  }

  private push(value: number): void {
    if (this.count === this.data.length) {
      const grown = new Float32Array(this.count * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.count] = value;
    const stored = this.data[this.count++] as number;
    if (stored === value) return;
    if (Number.isInteger(value) && Number.isFinite(stored)) this.rounded++;
    else if (Number.isFinite(value) && !Number.isFinite(stored)) this.overflowed++;
  }

  private noteSize(at: number, depth: number, count: number, size: number): void {
    const thing = depth === this.leafDepth ? 'value' : 'row';
    const things = count === 1 ? thing : `${thing}s`;
    this.note(at, `it has ${count} ${things} where the first of its kind has ${size}`, depth - 1);
  }

  /** @param levels length of the index that leads to the place; all its counters include it */
  private note(at: number, what: string, levels: number): void {
    if (this.ragged) return;
    const index = this.counts.slice(1, levels + 1).map(count => count - 1);
    this.ragged = { at, message: `The literal is ragged at index [${index.join(', ')}]: ${what}.` };
  }

  private finish(end: number): ParsedNumbers {
    const depth = this.leafDepth > 0 ? this.leafDepth : this.sizes.length - 1;
    const shape: number[] = [];
    for (let d = 1; d <= depth; d++) {
      if (this.grouping[d] !== true) shape.push(this.sizes[d] ?? 0);
    }
    return {
      kind: 'numbers',
      end,
      shape,
      data: this.data.slice(0, this.count),
      ...(this.ragged && !this.elided ? { ragged: this.ragged } : {}),
      elided: this.elided,
      booleans: this.booleans,
      rounded: this.rounded,
      overflowed: this.overflowed,
    };
  }
}

/** End of the comment that starts at `i`, or −1 where none does in this language. */
export function commentEnd(text: string, i: number, language: LanguageProfile): number {
  if (language.lineComments.some(mark => text.startsWith(mark, i))) {
    const end = text.indexOf('\n', i);
    return end < 0 ? text.length : end;
  }
  if (language.blockComments && text.startsWith('/*', i)) {
    const end = text.indexOf('*/', i + 2);
    return end < 0 ? text.length : end + 2;
  }
  return -1;
}
