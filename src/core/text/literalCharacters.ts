import { carriageReturn, isDigit, lineFeed, space, tab } from './characters';

/** UTF-16 code units that printed arrays and code have beyond those of JSON. */
export const openParen = 0x28;
export const closeParen = 0x29;
export const underscore = 0x5f;
export const noBreakSpace = 0xa0;
export const ellipsis = 0x2026;

/** ASCII letters. */
export function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** What names are made of: letters, digits, `_`, `$`, and anything beyond Latin punctuation. */
export function isNameCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === underscore || code === 0x24 || code > 0xaa;
}

export function isBlank(code: number): boolean {
  return (
    code === space ||
    code === lineFeed ||
    code === tab ||
    code === carriageReturn ||
    code === noBreakSpace
  );
}
