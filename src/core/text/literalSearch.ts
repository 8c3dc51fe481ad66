import type { TextRange } from '../problem';
import { openBracket, slash } from './characters';
import { defaultLimit, type FindOptions, type TensorLiteral } from './literal';
import { literalAt, type Attempt } from './literalAt';
import { openParen } from './literalCharacters';
import type { LanguageProfile } from './literalLanguage';
import { commentEnd, LiteralParser } from './literalParse';
import { hiddenAt, isApplied, readQuote } from './literalPosition';

/**
 * Work that a search may do unless told, in characters looked at; about a third of a second. Every
 * character is looked at once by the search, and at most twice by attempts to read a literal.
 */
export const defaultWork = 1 << 25;

/** What an attempt costs beside the characters it reads, and what a literal's context costs. */
const attemptWork = 16;
const contextWork = 256;

export interface SearchOptions extends FindOptions {
  /** Literals after which the search stops. */
  readonly most?: number;
  /** Characters that may be looked at in all; 32 Mi unless told. */
  readonly work?: number;
}

export interface LiteralSearch {
  /** In order. */
  readonly literals: readonly TensorLiteral[];
  /** False where the work ran out before the range did: there may be more literals. */
  readonly complete: boolean;
  /** Work done, in the unit of `SearchOptions.work`. */
  readonly work: number;
}

/** Every outermost literal that starts in a range of text, in order, as far as the work reaches. */
export function findTensorLiterals(
  text: string,
  range: TextRange,
  language: LanguageProfile,
  options: SearchOptions = {},
): readonly TensorLiteral[] {
  return searchLiterals(text, range, language, options).literals;
}

/** Searches a range of text for outermost literals. Strings and comments are skipped. */
export function searchLiterals(
  text: string,
  range: TextRange,
  language: LanguageProfile,
  options: SearchOptions = {},
): LiteralSearch {
  return new LiteralFinder(text, language, options).search(range);
}

class LiteralFinder {
  private readonly literals: TensorLiteral[] = [];
  private readonly parser: LiteralParser;
  /** By code unit: 1 where a literal, string or comment may start. */
  private readonly starts = new Uint8Array(128);
  /** Brackets where no literal starts, found by an attempt at one around them; ascending. */
  private refuted: readonly number[] = [];
  private nextRefuted = 0;
  /** Up to here quotes are passed over: one of this line is closed by none. */
  private unclosedUntil = 0;
  private attempts = 0;
  private contexts = 0;
  /** Characters that the search itself has passed. */
  private passed = 0;

  constructor(
    private readonly text: string,
    private readonly language: LanguageProfile,
    private readonly options: SearchOptions,
  ) {
    this.parser = new LiteralParser(text, language);
    const marks = [...Array.from(language.quotes), ...language.lineComments];
    for (const mark of marks) this.starts[mark.charCodeAt(0)] = 1;
    if (language.blockComments) this.starts[slash] = 1;
    this.starts[openBracket] = 1;
    if (language.tuples) this.starts[openParen] = 1;
  }

  search(range: TextRange): LiteralSearch {
    const { most = Infinity, work = defaultWork } = this.options;
    let i = range.end > range.start ? this.visibleFrom(range.start) : range.end;
    while (i < range.end && this.literals.length < most && this.work < work) {
      const code = this.text.charCodeAt(i);
      const next = code < 128 && this.starts[code] === 1 ? this.look(i, code) : i + 1;
      this.passed += next > i + 1 ? 0 : 1;
      i = next;
    }
    const complete = i >= range.end || this.literals.length >= most;
    return { literals: this.literals, complete, work: this.work };
  }

  private get work(): number {
    const { passed, parser, attempts, contexts } = this;
    return passed + parser.charactersRead + attempts * attemptWork + contexts * contextWork;
  }

  /** Past the string or comment that the range starts in. */
  private visibleFrom(start: number): number {
    const hidden = hiddenAt(this.text, start, this.language);
    if (!hidden) return start;
    if (hidden.kind === 'string') return readQuote(this.text, hidden.start, this.language).end;
    return Math.max(start, commentEnd(this.text, hidden.start, this.language));
  }

  /** @returns the offset to go on at */
  private look(i: number, code: number): number {
    const { text, language } = this;
    if (code !== openBracket && code !== openParen) {
      if (language.quotes.includes(text.charAt(i))) return this.passQuote(i);
      return Math.max(i + 1, commentEnd(text, i, language));
    }
    if (this.isRefuted(i) || isApplied(text, i, language)) return i + 1;
    const limit = i + (this.options.limit ?? defaultLimit);
    this.attempts++;
    return this.take(literalAt(text, i, limit, language, this.parser), i);
  }

  private passQuote(i: number): number {
    if (i < this.unclosedUntil) return i + 1;
    const { opens, end } = readQuote(this.text, i, this.language);
    if (opens || end > i + 1) return end;
    // Its line would be searched again for every other quote that it does not close.
    const lineEnd = this.text.indexOf('\n', i);
    this.unclosedUntil = lineEnd < 0 ? this.text.length : lineEnd;
    return end;
  }

  private take(attempt: Attempt, i: number): number {
    switch (attempt.kind) {
      case 'literal':
        this.contexts++;
        this.literals.push(attempt.literal);
        return attempt.literal.range.end;
      case 'none':
        this.contexts++;
        return attempt.end;
      case 'foreign':
      case 'tooDeep':
        this.refuted = attempt.open;
        this.nextRefuted = 0;
        return Math.max(i + 1, attempt.kind === 'tooDeep' ? attempt.resume : 0);
    }
  }

  private isRefuted(i: number): boolean {
    while ((this.refuted[this.nextRefuted] ?? Infinity) < i) this.nextRefuted++;
    return this.refuted[this.nextRefuted] === i;
  }
}
