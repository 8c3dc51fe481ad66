/** UTF-16 code units that a JSON scanner asks for by name. */
export const tab = 0x09;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const space = 0x20;
export const quote = 0x22;
export const hash = 0x23;
export const apostrophe = 0x27;
export const asterisk = 0x2a;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const slash = 0x2f;
export const zero = 0x30;
export const nine = 0x39;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const lowerE = 0x65;
export const upperE = 0x45;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
/** What a scanner finds past the end of the text. */
export const end = -1;

export function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

export function isLineEnd(code: number): boolean {
  return code === lineFeed || code === carriageReturn;
}

/** What may stand right after a number or a word: nothing that could belong to it. */
export function isDelimiter(code: number): boolean {
  return (
    code === comma ||
    code === closeBracket ||
    code === space ||
    code === lineFeed ||
    code === carriageReturn ||
    code === tab ||
    code === closeBrace ||
    code === openBracket ||
    code === openBrace ||
    code === slash ||
    code === colon ||
    code === quote ||
    code === end
  );
}

/** A character for a message: `"x"`, or its code point where it cannot be seen. */
export function nameCharacter(text: string, at: number): string {
  const point = text.codePointAt(at) ?? 0;
  const visible = point > 0x20 && point < 0x7f;
  if (visible) return `"${String.fromCodePoint(point)}"`;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}
