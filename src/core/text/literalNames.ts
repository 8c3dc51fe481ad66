import type { TensorLiteral } from './literal';
import { closeBrace, closeBracket, comma, lineFeed, openBrace, openBracket } from './characters';
import { closeParen, openParen } from './literalCharacters';
import type { LanguageProfile } from './literalLanguage';
import { commentEnd, maximumDepth } from './literalParse';
import { hiddenAt, readQuote } from './literalPosition';
import { roleOfName } from './runFileNames';
import { isMark, structureMarks } from './structureMarks';

/** A name with a value: a key of an object, a keyword argument, an assignment. */
export interface NamedValue {
  readonly name: string;
  readonly valueStart: number;
}

/** How far around a literal its siblings are looked for. */
const groupReach = 1 << 18;
const codeGroupReach = 1 << 13;
const assignmentReach = 1 << 16;

/**
 * Entries of the object, or keyword arguments of the call, that the literal is directly in.
 * Empty where it is in neither.
 */
export function entriesAround(
  text: string,
  literal: TensorLiteral,
  language: LanguageProfile,
): NamedValue[] {
  const start = groupStart(text, literal.outerRange.start, language);
  if (start === undefined) return [];
  return entriesOf(text, start, literal, language);
}

/** The `{` or `(` around an offset, looking back over strings, comments and closed brackets. */
function groupStart(text: string, from: number, language: LanguageProfile): number | undefined {
  // In data the literal is in an object, however large; code may be in no group at all.
  const reach = language.assignments ? codeGroupReach : groupReach;
  const floor = Math.max(0, from - reach);
  const marks = structureMarks(language);
  let comment = from;
  let depth = 0;
  for (let i = from - 1; i >= floor; i--) {
    const code = text.charCodeAt(i);
    if (!isMark(marks, code)) continue;
    switch (code) {
      case closeBrace:
      case closeBracket:
      case closeParen:
        depth++;
        break;
      case openBrace:
      case openBracket:
      case openParen:
        if (depth === 0) return code === openBracket ? undefined : i;
        depth--;
        break;
      case lineFeed: {
        // A comment at the end of the line before may hold quotes and brackets.
        if (comment >= i) comment = lastComment(text, floor, i, language);
        if (comment <= text.lastIndexOf('\n', i - 1)) break;
        const hidden = hiddenAt(text, i, language);
        if (hidden && hidden.kind !== 'string') i = hidden.start;
        break;
      }
      default:
        if (language.quotes.includes(text.charAt(i))) i = stringStart(text, i);
    }
  }
  return undefined;
}

/** Where the last mark of a comment is before an offset, or −1: in strings, too. */
function lastComment(text: string, floor: number, end: number, language: LanguageProfile): number {
  const part = text.slice(floor, end);
  const marks = [...language.lineComments, ...(language.blockComments ? ['/*'] : [])];
  const last = Math.max(-1, ...marks.map(mark => part.lastIndexOf(mark)));
  return last < 0 ? -1 : floor + last;
}

/** The quote that opens the string closed at `end`; `end` itself where its line has none. */
function stringStart(text: string, end: number): number {
  const quote = text.charCodeAt(end);
  const floor = Math.max(0, end - 4096);
  for (let i = end - 1; i >= floor; i--) {
    const code = text.charCodeAt(i);
    if (code === lineFeed) return end;
    if (code !== quote) continue;
    let escapes = 0;
    while (text.charAt(i - 1 - escapes) === '\\') escapes++;
    if (escapes % 2 === 0) return i;
  }
  return end;
}

const key = /\s*(?:"([^"\\\n]{1,64})"|'([^'\\\n]{1,64})'|([A-Za-z_$][\w$]{0,63}))\s*[:=](?!=)\s*/y;

function entriesOf(
  text: string,
  start: number,
  literal: TensorLiteral,
  language: LanguageProfile,
): NamedValue[] {
  const entries: NamedValue[] = [];
  const { outerRange } = literal;
  const end = Math.min(text.length, outerRange.end + groupReach);
  const marks = structureMarks(language);
  let depth = 0;
  for (let i = start; i < end; i++) {
    if (i >= outerRange.start && i < outerRange.end) i = outerRange.end;
    const code = text.charCodeAt(i);
    if (!isMark(marks, code)) continue;
    const isOpening = code === openBrace || code === openBracket || code === openParen;
    if (isOpening && ++depth > 4 * maximumDepth) break;
    if (code === closeBrace || code === closeBracket || code === closeParen) {
      if (--depth === 0) break;
    } else if (language.quotes.includes(text.charAt(i))) i = readQuote(text, i, language).end - 1;
    else {
      const comment = commentEnd(text, i, language);
      if (comment > i) i = comment - 1;
    }
    if (depth !== 1 || (i !== start && code !== comma)) continue;
    const entry = keyAfter(text, i + 1, language);
    if (!entry) continue;
    entries.push(entry);
    i = entry.valueStart - 1;
  }
  return entries;
}

function keyAfter(text: string, at: number, language: LanguageProfile): NamedValue | undefined {
  let from = at;
  for (let comments = 0; comments < 16; comments++) {
    while (/\s/.test(text.charAt(from))) from++;
    const comment = commentEnd(text, from, language);
    if (comment < 0) break;
    from = comment;
  }
  key.lastIndex = from;
  const match = key.exec(text);
  if (!match) return undefined;
  return {
    name: match[1] ?? match[2] ?? match[3] ?? '',
    valueStart: from + match[0].length,
  };
}

const assignment =
  /^[ \t]*(?:(?:export|const|let|var)[ \t]+)*(?:[A-Za-z_$][\w$]*\.)*["']?([A-Za-z_$][\w$-]{0,63})["']?[ \t]*(?::[^=\n]{0,80}=|[:=])(?!=)[ \t]*/gm;

/** Assignments at line starts around the literal: those before it from the nearest up, then those after. */
export function assignmentsAround(text: string, literal: TensorLiteral): NamedValue[] {
  const { start, end } = literal.outerRange;
  const before = assignmentsIn(text, Math.max(0, start - assignmentReach), start);
  const after = assignmentsIn(text, end, Math.min(text.length, end + assignmentReach));
  return [...before.reverse(), ...after];
}

function assignmentsIn(text: string, from: number, to: number): NamedValue[] {
  const found: NamedValue[] = [];
  const part = text.slice(from, to);
  for (const match of part.matchAll(assignment)) {
    const name = match[1] ?? '';
    if (roleOfName(name) === undefined) continue;
    found.push({ name, valueStart: from + match.index + match[0].length });
  }
  return found;
}
