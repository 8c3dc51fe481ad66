import { apostrophe, closeBracket, lineFeed, openBracket, quote, slash } from './characters';
import { closeParen, isLetter, isNameCharacter, openParen } from './literalCharacters';
import { hiddenAt, isApplied, nameBefore } from './literalPosition';
import type { LanguageProfile } from './literalLanguage';
import { maximumDepth } from './literalParse';
import { isNumberWord } from './numberScanner';

export interface BackScan {
  /** Brackets around the offset that may open a literal, outermost first. */
  readonly openers: readonly number[];
  /** The scan gave up at the limit: where, and whether it had seen any bracket. */
  readonly gaveUp?: { readonly at: number; readonly nested: boolean };
}

/** What a character means to the scan; the first kind is the common one. */
const part = 1;
const lineBreak = 2;
const opening = 3;
const closing = 4;
const letter = 5;

const kinds = new Uint8Array(128);
for (const char of '0123456789 \t\r,.+-_') kinds[char.charCodeAt(0)] = part;
for (let code = 0; code < 128; code++) if (isLetter(code)) kinds[code] = letter;
kinds[lineFeed] = lineBreak;
kinds[openBracket] = kinds[openParen] = opening;
kinds[closeBracket] = kinds[closeParen] = closing;

/**
 * Looks back from an offset over what can stand in a nested numeric literal, and stops at the first
 * thing that cannot: about 3 ns a character, and nothing at all on ordinary text.
 * @param limit characters to look at
 */
export function scanBack(
  text: string,
  offset: number,
  language: LanguageProfile,
  limit: number,
): BackScan {
  return new BackScanner(text, language, offset, limit).scan();
}

class BackScanner {
  private readonly openers: number[] = [];
  /** Closed brackets whose opening has not been met yet. */
  private depth = 0;
  private nested = false;
  /** State at the end of the line that is being read, to go back to when the line ends in a comment. */
  private atLineEnd = { depth: 0, openers: 0 };

  constructor(
    private readonly text: string,
    private readonly language: LanguageProfile,
    private readonly offset: number,
    private readonly limit: number,
  ) {}

  scan(): BackScan {
    const { text } = this;
    const floor = Math.max(0, this.offset - this.limit);
    let i =
      text.charCodeAt(this.offset) === openBracket || this.startsTuple()
        ? this.offset
        : this.offset - 1;
    while (i >= floor) {
      const code = text.charCodeAt(i);
      const kind = code < 128 ? (kinds[code] as number) : 0;
      if (kind === part) {
        i--;
        continue;
      }
      const next = this.read(i, code, kind);
      if (next === i) return this.found();
      i = next;
    }
    if (floor === 0) return this.found();
    return { ...this.found(), gaveUp: { at: floor, nested: this.nested } };
  }

  private startsTuple(): boolean {
    return this.language.tuples && this.text.charCodeAt(this.offset) === openParen;
  }

  private found(): BackScan {
    return { openers: [...this.openers].reverse() };
  }

  /** @returns the offset to read next, which is `i` itself where the literal cannot reach further */
  private read(i: number, code: number, kind: number): number {
    switch (kind) {
      case lineBreak:
        this.atLineEnd = { depth: this.depth, openers: this.openers.length };
        return i - 1;
      case closing:
        this.nested = true;
        this.depth++;
        return i - 1;
      case opening:
        this.nested = true;
        return this.readOpener(i, code);
      case letter:
        return this.readWord(i);
      default:
        return this.readOther(i, code);
    }
  }

  private readOpener(i: number, code: number): number {
    if (this.depth > 0) {
      this.depth--;
      return i - 1;
    }
    if (isApplied(this.text, i, this.language)) {
      // `np.float32(` around the offset is a number; any other call or subscript is a border.
      const name = nameBefore(this.text, i);
      return code === openParen && isNumberWord(name) ? i - 1 - name.length : i;
    }
    if (code === openParen && !this.language.tuples) return i;
    this.openers.push(i);
    return this.openers.length > 2 * maximumDepth ? i : i - 1;
  }

  private readWord(i: number): number {
    let end = i + 1;
    while (end - i < 64 && isWordCharacter(this.text.charCodeAt(end))) end++;
    let start = i;
    while (i - start < 64 && start > 0 && isWordCharacter(this.text.charCodeAt(start - 1))) start--;
    return isNumberWord(this.text.slice(start, end)) ? start - 1 : this.readOther(i, 0);
  }

  /** Comments and `float('nan')` may stand in a literal; whatever else came here may not. */
  private readOther(i: number, code: number): number {
    if (code === 160) return i - 1;
    if (code === slash && this.language.blockComments && this.text.charAt(i - 1) === '*') {
      const reach = Math.max(0, i - 10_000);
      const start = this.text.slice(reach, i - 1).lastIndexOf('/*');
      if (start >= 0) return reach + start - 1;
    }
    if (code === apostrophe || code === quote) {
      const before = this.text.slice(Math.max(0, i - 40), i + 1);
      const spelled = /(["'])[+-]?(?:nan|inf|infinity)\1$/i.exec(before);
      if (spelled && /float\(\s*$/.test(before.slice(0, spelled.index))) {
        return i - spelled[0].length;
      }
    }
    if (this.language.printed && code === 8230) return i - 1;
    return this.skipComment(i);
  }

  private skipComment(i: number): number {
    const hidden = hiddenAt(this.text, i, this.language);
    if (hidden?.kind !== 'comment') return i;
    // What the comment holds is no part of the literal.
    this.depth = this.atLineEnd.depth;
    this.openers.length = this.atLineEnd.openers;
    return hidden.start - 1;
  }
}

function isWordCharacter(code: number): boolean {
  return isNameCharacter(code) || code === 46;
}
