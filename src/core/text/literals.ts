import { constructedTensor } from '../code/constructedTensor';
import { fail, ok, type Result, type TextRange } from '../problem';
import { openBracket } from './characters';
import { defaultLimit, type FindOptions, type TensorLiteral } from './literal';
import { largeLiteral, literalAt } from './literalAt';
import { scanBack, type BackScan } from './literalBackscan';
import { isBlank, isNameCharacter, openParen } from './literalCharacters';
import { callKind } from './literalConstructors';
import type { LanguageProfile } from './literalLanguage';
import { refusedPrint } from './printedRefusals';
import { printedScalar } from './printedScalar';
import { isSilent, nameBefore } from './literalPosition';
import { searchLiterals } from './literalSearch';

export { shapeAs } from './literalAt';
export { findTensorLiterals } from './literalSearch';
export type { FindOptions, LiteralContent, TensorContent, TensorLiteral } from './literal';

/**
 * The outermost nested numeric literal around an offset, or the one whose constructor's name is there.
 * Bounded: it looks `limit` characters back and forth, and stops at the first character that no
 * literal has; a literal larger than that has the content `tooLarge`.
 * @returns undefined where there is none: in code, strings of a line, line comments, subscripts
 */
export function findTensorLiteral(
  text: string,
  offset: number,
  language: LanguageProfile,
  options: FindOptions = {},
): TensorLiteral | undefined {
  if (offset < 0 || offset > text.length || isSilent(text, offset, language)) return undefined;
  const refused = refusedPrint(text, offset, language);
  if (refused) return refused;
  const scalar = printedScalar(text, offset, language);
  if (scalar) return scalar;
  const literal = bareLiteral(text, offset, language, options);
  const constructed = constructedTensor(text, offset, language);
  if (!constructed || !literal) return literal ?? constructed;
  // A literal of its own, with nothing around it that changes its values, says more of its place.
  const { start, end } = literal.outerRange;
  const same = start === constructed.range.start && end === constructed.range.end;
  const reaches = constructed.range.start <= start && constructed.range.end >= end;
  const wholly = constructed.content.kind === 'tensor' && literal.content.kind !== 'tooLarge';
  return reaches && !same && wholly ? constructed : literal;
}

function bareLiteral(
  text: string,
  offset: number,
  language: LanguageProfile,
  options: FindOptions,
): TensorLiteral | undefined {
  const limit = options.limit ?? defaultLimit;
  const anchor = argumentOfCall(text, offset, language) ?? offset;
  const found = literalAround(text, anchor, language, limit);
  // A cursor just after the closing bracket is at the literal, too.
  if (found || offset === 0 || !')]'.includes(text.charAt(offset - 1))) return found;
  return literalAround(text, offset - 1, language, limit);
}

function literalAround(
  text: string,
  offset: number,
  language: LanguageProfile,
  limit: number,
): TensorLiteral | undefined {
  const scan = scanBack(text, offset, language, limit);
  if (scan.gaveUp) return unbounded(scan, offset, language, limit);
  const { openers } = scan;
  let from = 0;
  // A literal among other things (`[[1, 2], x]`) fails as a whole; the part around the offset may not.
  for (let attempt = 0; attempt < 2 && from < openers.length; attempt++) {
    const start = openers[from] as number;
    const parsed = literalAt(text, start, offset + limit, language);
    if (parsed.kind === 'literal') {
      return isSilent(text, start, language) ? undefined : parsed.literal;
    }
    if (parsed.kind !== 'foreign') return undefined;
    const { open } = parsed;
    while (from < openers.length && open.includes(openers[from] as number)) from++;
  }
  return undefined;
}

/** Where numbers reach further back than the limit: a literal, unless they may be a table without brackets. */
function unbounded(
  scan: BackScan,
  offset: number,
  language: LanguageProfile,
  limit: number,
): TensorLiteral | undefined {
  if (language.printed && scan.gaveUp?.nested !== true) return undefined;
  const range = { start: scan.gaveUp?.at ?? offset, end: offset };
  return largeLiteral(range, limit, { name: '', assignedBy: '', call: '' });
}

/** Where a constructor's name is at the offset: its argument's opening bracket. */
function argumentOfCall(
  text: string,
  offset: number,
  language: LanguageProfile,
): number | undefined {
  let end = offset;
  while (end - offset < 64 && isNameCharacter(text.charCodeAt(end))) end++;
  for (let calls = 0; calls < 4; calls++) {
    while (end - offset < 256 && isPathCharacter(text.charCodeAt(end))) end++;
    const path = nameBefore(text, end);
    if (path === '' || callKind(path, language).kind !== 'tensor') return undefined;
    if (text.charCodeAt(end) !== openParen) return undefined;
    do end++;
    while (isBlank(text.charCodeAt(end)));
    const code = text.charCodeAt(end);
    if (code === openBracket || (code === openParen && language.tuples)) return end;
  }
  return undefined;
}

function isPathCharacter(code: number): boolean {
  return isNameCharacter(code) || code === 46;
}

/**
 * The literal that a selection means: the one it holds; where it holds none, the one around it, or the
 * only one on its line (the cursor is often on the name that a literal is assigned to).
 * @returns a problem where it holds several, or nothing that is a tensor
 */
export function literalInSelection(
  text: string,
  selection: TextRange,
  language: LanguageProfile,
  options: FindOptions = {},
): Result<TensorLiteral> {
  const search = searchLiterals(text, selection, language, { ...options, most: 2 });
  const [inside] = search.literals;
  if (search.literals.length > 1) {
    return fail(
      'several-literals',
      'The selection holds more than one tensor literal: select one of them, or put the cursor in it.',
      selection,
    );
  }
  if (!search.complete) {
    return fail(
      'selection-too-large',
      'The selection is too large to search for a tensor literal: select one, or put the cursor in it.',
      selection,
    );
  }
  const found =
    inside ??
    findTensorLiteral(text, selection.start, language, options) ??
    constructedOfLine(text, selection.start, language) ??
    onlyLiteralOfLine(text, selection.start, language, options);
  if (found) return ok(found);
  return fail(
    'no-literal',
    'There is no tensor literal here: put the cursor in a nested list of numbers, such as [[1, 2], [3, 4]].',
    selection,
  );
}

/** What a line that is assigned to a name makes: the cursor is often on the name. */
function constructedOfLine(
  text: string,
  offset: number,
  language: LanguageProfile,
): TensorLiteral | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const assigns = /^[ \t]*(?:(?:const|let|var)[ \t]+)?[\w$.]+[ \t]*=(?!=)[ \t]*/.exec(
    text.slice(start, start + 200),
  );
  if (!assigns) return undefined;
  return constructedTensor(text, start + assigns[0].length, language);
}

function onlyLiteralOfLine(
  text: string,
  offset: number,
  language: LanguageProfile,
  options: FindOptions,
): TensorLiteral | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const range = { start, end };
  const { literals, complete } = searchLiterals(text, range, language, { ...options, most: 2 });
  return complete && literals.length === 1 ? literals[0] : undefined;
}
