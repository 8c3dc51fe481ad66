import { apostrophe, backslash, dot, isDigit, lineFeed, quote, slash } from '../text/characters';
import { isBlank, isNameCharacter } from '../text/literalCharacters';
import type { CodeLanguage } from './codeLanguage';
import { stepMask, type Steps } from './steps';
import { TokenList, type Tokens } from './tokens';

const backquote = 0x60;
const dollar = 0x24;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const question = 0x3f;
const codesOf = (characters: string): ReadonlySet<number> =>
  new Set(Array.from(characters, character => character.charCodeAt(0)));
const openers = codesOf('([{');
const closers = codesOf(')]}');
const magicMarks = codesOf('%!?');

/**
 * Cuts code into names, numbers, strings and marks, in one pass; comments and blanks are between them. Any text has
 * tokens: a string that is not closed ends with its line, a long one with the text.
 */
export function tokenize(text: string, language: CodeLanguage): Steps<Tokens> {
  return new Tokenizer(text, language).run();
}

/** Marks of more than one character that must not be taken for `=`, `>` or one after the other. */
const longMarks = ['**=', '//=', '>>=', '<<=', '===', '!==', '...', '??=', '&&=', '||='];
const marks = new Set([
  ...['==', '!=', '<=', '>=', '+=', '-=', '*=', '/=', '%=', '@=', '|=', '&=', '^=', ':='],
  ...['->', '=>', '**', '//', '<<', '>>', '&&', '||', '??', '?.', '++', '--'],
]);
const longByPair = new Set(longMarks.map(mark => mark.slice(0, 2)));

/** Templates that nothing closes, after which no end is looked for any more beyond the line. */
const mostOpenTemplates = 8;

/** Magics of IPython that are followed by a statement. */
const timing = /%%?(?:time|timeit|prun|memit|lprun|mprun)(?![\w$])/y;

class Tokenizer {
  private readonly list = new TokenList();
  /** Brackets that are open, of a language in which it matters. */
  private depth = 0;
  private openTemplates = 0;
  private at = 0;
  private lineBefore = true;
  private nextEscape = -1;

  constructor(
    private readonly text: string,
    private readonly language: CodeLanguage,
  ) {}

  *run(): Steps<Tokens> {
    const { text } = this;
    // A Unix script's first line, in both languages.
    if (text.startsWith('#!')) this.at = lineEnd(text, 0);
    for (let turn = 1; this.at < text.length; turn++) {
      if ((turn & stepMask) === 0) yield;
      this.step(text.charCodeAt(this.at));
    }
    return this.list.of(text);
  }

  private step(code: number): void {
    if (code === lineFeed) {
      this.lineBefore = true;
      this.at++;
    } else if (isBlank(code)) this.at++;
    else if (code === backslash && this.language.blocks === 'indentation') this.joinLines();
    else if (this.comment() || this.magic(code)) return;
    else if (isDigit(code) || (code === dot && isDigit(this.text.charCodeAt(this.at + 1)))) {
      this.take('number', numberEnd(this.text, this.at));
    } else if (isNameCharacter(code)) this.word();
    else if (code === quote || code === apostrophe) this.take('string', this.stringEnd(this.at));
    else if (code === backquote && this.language.templates) {
      this.take('string', this.endOfTemplate());
    } else if (code === slash && this.language.templates && this.opensPattern()) {
      this.take('string', patternEnd(this.text, this.at));
    } else this.mark(code);
  }

  private mark(code: number): void {
    if (openers.has(code)) this.depth++;
    else if (closers.has(code)) this.depth = Math.max(0, this.depth - 1);
    this.take('mark', this.at + this.markLength());
  }

  /** A line of IPython's, or what stands behind `=` for the shell: `!pip install x`, `files = !ls`. */
  private magic(code: number): boolean {
    if (!this.language.magics || this.depth > 0 || !magicMarks.has(code)) return false;
    const isAssigned = code !== question && this.list.lastText(this.text) === '=';
    if (!this.lineBefore && !isAssigned) return false;
    timing.lastIndex = this.at;
    const word = timing.exec(this.text)?.[0];
    this.at = word === undefined ? magicEnd(this.text, this.at) : this.at + word.length;
    return true;
  }

  private take(kind: 'name' | 'number' | 'string' | 'mark', end: number): void {
    this.list.add(kind, this.at, end, this.lineBefore);
    this.lineBefore = false;
    this.at = end;
  }

  /** A backslash before a line's end joins the next line to its own. */
  private joinLines(): void {
    const next = this.text.charAt(this.at + 1);
    if (next === '\n') this.at += 2;
    else if (next === '\r') this.at += this.text.charAt(this.at + 2) === '\n' ? 3 : 2;
    else this.take('mark', this.at + 1);
  }

  private comment(): boolean {
    const { text, language } = this;
    if (text.startsWith(language.lineComment, this.at)) {
      this.at = lineEnd(text, this.at);
      return true;
    }
    if (!language.blockComments || !text.startsWith('/*', this.at)) return false;
    const close = text.indexOf('*/', this.at + 2);
    const end = close < 0 ? text.length : close + 2;
    if (text.slice(this.at, end).includes('\n')) this.lineBefore = true;
    this.at = end;
    return true;
  }

  /** A name, or the prefix of a string and the string. */
  private word(): void {
    let end = this.at + 1;
    while (isNameCharacter(this.text.charCodeAt(end))) end++;
    const next = this.text.charCodeAt(end);
    const isPrefix =
      (next === quote || next === apostrophe) &&
      end - this.at <= 2 &&
      this.language.literals.stringPrefixes.has(this.text.slice(this.at, end).toLowerCase());
    if (isPrefix) this.take('string', this.stringEnd(end));
    else {
      // What was left open before a statement was forgotten.
      if (this.lineBefore && this.depth > 0 && this.beginsStatement(end)) this.depth = 0;
      this.take('name', end);
    }
  }

  private beginsStatement(end: number): boolean {
    return this.language.beginners.has(this.text.slice(this.at, end));
  }

  /** One that nothing closes ends with its line: it is an apostrophe of its own kind, as in the text of JSX. */
  private endOfTemplate(): number {
    const { text, at } = this;
    // To look for an end takes the whole text each time that there is none.
    const end = this.openTemplates < mostOpenTemplates ? templateEnd(text, at) : undefined;
    if (end === undefined) this.openTemplates++;
    return end ?? shortStringEnd(text, at);
  }

  /** @param at of the quote */
  private stringEnd(at: number): number {
    const { text } = this;
    const long = this.language.longQuotes.find(mark => text.startsWith(mark, at));
    if (long === undefined) return shortStringEnd(text, at);
    for (let from = at + long.length; ; from += 2) {
      const close = text.indexOf(long, from);
      if (close < 0) return text.length;
      const escape = this.escapeFrom(from);
      if (escape >= close) return close + long.length;
      from = escape;
    }
  }

  /** Where the next backslash is; looked for once for all the strings before it. */
  private escapeFrom(from: number): number {
    if (this.nextEscape < from) {
      const escape = this.text.indexOf('\\', from);
      this.nextEscape = escape < 0 ? Infinity : escape;
    }
    return this.nextEscape;
  }

  /** A slash divides after a value; elsewhere it opens a regular expression. */
  private opensPattern(): boolean {
    const kind = this.list.lastKind();
    if (kind === undefined) return true;
    const [start, end] = [this.list.lastStart(), this.list.lastEnd()];
    const last = this.text.slice(start, end);
    if (kind === 'mark') return last !== ')' && last !== ']' && last !== '}';
    return kind === 'name' && this.language.keywords.has(last) && last !== 'this';
  }

  private markLength(): number {
    const pair = this.text.slice(this.at, this.at + 2);
    // Python's // divides; where it opens comments it has been passed over.
    if (longByPair.has(pair)) {
      const long = longMarks.find(mark => this.text.startsWith(mark, this.at));
      if (long !== undefined) return long.length;
    }
    return marks.has(pair) ? 2 : 1;
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Past a line, and those that a backslash joins to it. */
function magicEnd(text: string, at: number): number {
  let end = lineEnd(text, at);
  while (end < text.length && /\\\r?$/.test(text.slice(Math.max(at, end - 2), end))) {
    end = lineEnd(text, end + 1);
  }
  return end;
}

/** Digits, a point, an exponent, `0x1F`, `1_000`, `2j`, `10n`. */
const number = /(?:0[xXbBoO][\da-fA-F_]*|\d*[\d_]*\.?[\d_]*(?:[eE][-+]?\d[\d_]*)?)[\w$]*/y;

function numberEnd(text: string, at: number): number {
  number.lastIndex = at;
  return at + Math.max(1, number.exec(text)?.[0].length ?? 1);
}

function shortStringEnd(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === mark) return i + 1;
    if (code === lineFeed) return i;
    if (code === backslash) i++;
  }
  return text.length;
}

/** Of text in backquotes, over what is interpolated in it, which may hold such text again; undefined where none ends it. */
function templateEnd(text: string, at: number): number | undefined {
  /** Braces open in each interpolation around, innermost last. */
  const open: number[] = [];
  let inText = true;
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) i++;
    else if (code === backquote) {
      if (inText && open.length === 0) return i + 1;
      inText = !inText;
      // Text within an interpolation begins here, or one ends.
      if (inText) open.push(-1);
      else open.pop();
    } else if (inText && code === dollar && text.charCodeAt(i + 1) === openBrace) {
      open.push(0);
      inText = false;
      i++;
    } else if (!inText && (code === quote || code === apostrophe)) i = shortStringEnd(text, i) - 1;
    else if (!inText && code === openBrace) open[open.length - 1] = (open.at(-1) ?? 0) + 1;
    else if (!inText && code === closeBrace) {
      const braces = open.at(-1) ?? 0;
      if (braces > 0) open[open.length - 1] = braces - 1;
      else {
        open.pop();
        inText = true;
      }
    }
  }
  return undefined;
}

function patternEnd(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\n') return at + 1;
    if (char === '\\') i++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) {
      let end = i + 1;
      while (isNameCharacter(text.charCodeAt(end))) end++;
      return end;
    }
  }
  return at + 1;
}
