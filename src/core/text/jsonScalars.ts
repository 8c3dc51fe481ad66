import { end, isDigit, minus, nameCharacter } from './characters';
import type { JsonValue } from './jsonDocument';
import { isQuote, nonFiniteValue, type JsonScanner } from './jsonScanner';
import { showWord, spellNumber } from './numberWords';
import type { ProblemList } from './problemList';

/**
 * Reads what is neither an array nor an object.
 * @param isRoot whether it is the whole document
 * @returns `unreadable` after a problem
 */
export function readScalar(
  scanner: JsonScanner,
  problems: ProblemList,
  isRoot: boolean,
): JsonValue {
  const code = scanner.peek();
  if (isQuote(code)) {
    const value = scanner.string(problems);
    return value === undefined ? { kind: 'unreadable' } : { kind: 'string', value };
  }
  if ((isDigit(code) || code === minus) && scanner.number(false)) {
    return { kind: 'number', value: scanner.value };
  }
  const start = scanner.at;
  const word = scanner.word();
  const value = nonFiniteValue(word);
  if (value !== undefined) return { kind: 'number', value };
  if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
  if (word === 'null') return { kind: 'null' };
  const range = { start, end: scanner.at };
  problems.add('error', 'word-unknown', range, () => remedyForWord(word, isRoot));
  return { kind: 'unreadable' };
}

function remedyForWord(word: string, isRoot: boolean): string {
  const better = jsonWords.get(word) ?? spellNumber(word);
  if (better !== undefined) return `${word} is not JSON: write ${better}.`;
  const shown = showWord(word);
  return isRoot
    ? `A run file begins with { or [, and ${shown} stands here instead.`
    : `${shown} is no JSON value: write a number, true, false, null, a string in double quotes, or an array.`;
}

const jsonWords: ReadonlyMap<string, string> = new Map([
  ['None', 'null'],
  ['True', 'true'],
  ['False', 'false'],
  ['undefined', 'null'],
]);

/** @returns undefined, after a problem, where no key can be read, nor anything behind it */
export function readKey(scanner: JsonScanner, problems: ProblemList): string | undefined {
  const start = scanner.at;
  const code = scanner.peek();
  if (isQuote(code)) return scanner.string(problems);
  if (/[\w$]/.test(String.fromCharCode(code))) {
    const word = scanner.word();
    problems.add('error', 'key-unquoted', { start, end: scanner.at }, () => {
      return `Keys stand in double quotes: write "${word}".`;
    });
    return word;
  }
  problems.add('error', 'key-expected', { start, end: start + 1 }, () => {
    return `A key in double quotes is expected here, and ${characterAt(scanner)} stands instead.`;
  });
  return undefined;
}

/** The character at the cursor, for a message. */
function characterAt({ window, at }: JsonScanner): string {
  const isLast = window.codeAt(at + 1, at) === end;
  return nameCharacter(window.slice(at, at + (isLast ? 1 : 2)), 0);
}
