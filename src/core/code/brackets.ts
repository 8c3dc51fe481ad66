import type { CodeLanguage } from './codeLanguage';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** Which brackets belong together. */
export interface Brackets {
  /** The bracket that closes, or opens, the one at a token; −1 where there is none, or the token is no bracket. */
  partner(token: number): number;
  /** The bracket that is open around a token; −1 outside of all. A bracket is not within itself. */
  around(token: number): number;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const opening: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Pairs brackets in one pass. A bracket that closes another kind closes what was forgotten between; one that closes
 * nothing is passed over. In a language of lines, a word that only begins statements closes all that is open.
 */
export function* pairBrackets(tokens: Tokens, language: CodeLanguage): Steps<Brackets> {
  const { count } = tokens;
  const partners = new Int32Array(count).fill(-1);
  const enclosing = new Int32Array(count).fill(-1);
  const open: number[] = [];
  const opened: Record<string, number> = { '(': 0, '[': 0, '{': 0 };
  const pop = (): number => {
    const last = open.pop() ?? -1;
    const mark = tokens.textOf(last);
    opened[mark] = (opened[mark] ?? 1) - 1;
    return last;
  };
  for (let i = 0; i < count; i++) {
    if ((i & stepMask) === stepMask) yield;
    if (open.length > 0 && tokens.startsLine(i) && beginsStatement(tokens, i, language)) {
      while (open.length > 0) pop();
    }
    const mark = tokens.kind(i) === 'mark' ? tokens.text.charAt(tokens.start(i)) : '';
    const opener = opening[mark];
    if (opener !== undefined && (opened[opener] ?? 0) > 0) {
      let last = pop();
      while (!tokens.is(last, opener)) last = pop();
      partners[last] = i;
      partners[i] = last;
    }
    enclosing[i] = open.at(-1) ?? -1;
    if (closing[mark] !== undefined) {
      open.push(i);
      opened[mark] = (opened[mark] ?? 0) + 1;
    }
  }
  return {
    partner: token => partners[token] ?? -1,
    around: token => enclosing[token] ?? -1,
  };
}

function beginsStatement(tokens: Tokens, token: number, { beginners }: CodeLanguage): boolean {
  if (beginners.size === 0 || !tokens.isName(token) || !beginners.has(tokens.textOf(token))) {
    return false;
  }
  // A keyword argument cannot have such a name, nor can an attribute stand at a line's start without its point.
  return !tokens.is(token + 1, '=') && !tokens.is(token - 1, '.') && !tokens.is(token - 1, 'yield');
}
