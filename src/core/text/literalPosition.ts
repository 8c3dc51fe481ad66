import { asterisk, lineFeed, openBracket } from './characters';
import { isBlank, isNameCharacter } from './literalCharacters';
import type { LanguageProfile } from './literalLanguage';
import { isMark, structureMarks } from './structureMarks';

/** How far back along a line is looked. */
const lineReach = 4096;

/** A comment or string around an offset, seen from its own line alone. */
export interface Hidden {
  /** A comment that ends with its line, one between marks, or a string. */
  readonly kind: 'comment' | 'block' | 'string';
  readonly start: number;
}

/**
 * Whether an offset is in a comment or a string, judged by its line: exact but for strings and
 * comments that began on an earlier line, and but for long quotes, which hide nothing. Undefined also
 * where the line is too long to be judged.
 */
export function hiddenAt(
  text: string,
  offset: number,
  language: LanguageProfile,
): Hidden | undefined {
  if (language.quotes === '' && language.lineComments.length === 0) return undefined;
  let i = lineStart(text, offset);
  if (i < 0 || isCommentLine(text, i, language)) return undefined;
  const marks = structureMarks(language);
  while (i < offset) {
    const from = i;
    if (!isMark(marks, text.charCodeAt(i))) {
      i++;
      continue;
    }
    if (language.quotes.includes(text.charAt(i))) {
      const quote = readQuote(text, i, language);
      i = quote.end;
      if (quote.opens && i > offset) return { kind: 'string', start: from };
      continue;
    }
    if (startsLineComment(text, i, language)) return { kind: 'comment', start: i };
    if (language.blockComments && text.startsWith('/*', i)) {
      const end = text.indexOf('*/', i + 2);
      if (end < 0 || end + 2 > offset) return { kind: 'block', start: from };
      i = end + 2;
      continue;
    }
    i++;
  }
  return startsLineComment(text, i, language) ? { kind: 'comment', start: i } : undefined;
}

/**
 * Whether literals at an offset are passed over: in a string or behind a comment's mark they are
 * seldom meant. Docstrings and block comments are where examples stand, and hide nothing.
 */
export function isSilent(text: string, offset: number, language: LanguageProfile): boolean {
  const hidden = hiddenAt(text, offset, language);
  return hidden !== undefined && hidden.kind !== 'block';
}

function startsLineComment(text: string, i: number, language: LanguageProfile): boolean {
  return language.lineComments.some(mark => text.startsWith(mark, i));
}

/** Whether the line at `start` begins as those of a long block comment do, with an asterisk. */
function isCommentLine(text: string, start: number, language: LanguageProfile): boolean {
  if (!language.blockComments) return false;
  let i = start;
  while (isLineBlank(text.charCodeAt(i))) i++;
  return text.charCodeAt(i) === asterisk && text.charAt(i + 1) !== '/';
}

/** Start of the line of `offset`, or −1 where that is further than a hover should look. */
function lineStart(text: string, offset: number): number {
  const floor = Math.max(0, offset - lineReach);
  for (let i = offset - 1; i >= floor; i--) {
    if (text.charCodeAt(i) === lineFeed) return i + 1;
  }
  return floor === 0 ? 0 : -1;
}

/** What a quote means: it opens a string that ends just before `end`, or is to be passed over. */
export interface Quote {
  readonly opens: boolean;
  readonly end: number;
}

/**
 * Reads the quote at `i`. It opens no string where it is an apostrophe (`the layer's`), where its line
 * does not close it, and where it is a long quote.
 */
export function readQuote(text: string, i: number, language: LanguageProfile): Quote {
  const long = language.longQuotes.find(mark => text.startsWith(mark, i));
  if (long !== undefined) return { opens: false, end: i + long.length };
  if (isApostrophe(text, i, language)) return { opens: false, end: i + 1 };
  const end = stringEnd(text, i);
  const closed = end > i + 1 && text.charCodeAt(end - 1) === text.charCodeAt(i);
  return closed ? { opens: true, end } : { opens: false, end: i + 1 };
}

function isApostrophe(text: string, i: number, language: LanguageProfile): boolean {
  if (i === 0 || text.charAt(i) === '`' || !isNameCharacter(text.charCodeAt(i - 1))) return false;
  const before = nameBefore(text, i);
  return !language.stringPrefixes.has(before.toLowerCase()) && !language.keywords.has(before);
}

/** Just after the string that opens at `i`, which ends with its line at the latest. */
export function stringEnd(text: string, i: number): number {
  const quote = text.charCodeAt(i);
  for (let at = i + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === lineFeed) return at;
    if (code === 92) at++;
  }
  return text.length;
}

/** The dotted name that ends just before `end`, or an empty string. */
export function nameBefore(text: string, end: number): string {
  let start = end;
  const floor = Math.max(0, end - 128);
  while (start > floor) {
    const code = text.charCodeAt(start - 1);
    if (!isNameCharacter(code) && code !== 46) break;
    start--;
  }
  return text.slice(start, end);
}

/**
 * Whether the bracket at `at` subscripts or calls what stands before it (`x[0]`, `f()[1]`, `f(1)`)
 * and opens no literal. In prose only a name that touches the bracket counts, and so it does before a
 * nested literal: `returns [[1, 2]]` stands in docstrings.
 */
export function isApplied(text: string, at: number, language: LanguageProfile): boolean {
  const nested = text.charCodeAt(at + 1) === openBracket;
  const touching = language.printed || nested;
  let i = at - 1;
  if (!touching) while (i >= 0 && isLineBlank(text.charCodeAt(i))) i--;
  if (i < 0) return false;
  const char = text.charAt(i);
  if (char === ']' || char === ')') return true;
  if (language.quotes.includes(char)) {
    return !nested && !language.longQuotes.some(mark => text.endsWith(mark, i + 1));
  }
  if (!isNameCharacter(text.charCodeAt(i))) return false;
  return !language.keywords.has(nameBefore(text, i + 1));
}

function isLineBlank(code: number): boolean {
  return isBlank(code) && code !== lineFeed;
}
