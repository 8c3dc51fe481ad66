import { nameCharacter } from './characters';

/** Whether a word starts as a number does. */
export function looksNumeric(word: string): boolean {
  return /^[+-]?\.?\d/.test(word);
}

/** How the words that other languages print are written here. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['nan', 'NaN'],
  ['inf', 'Infinity'],
  ['+inf', 'Infinity'],
  ['-inf', '-Infinity'],
  ['infinity', 'Infinity'],
  ['+infinity', 'Infinity'],
  ['-infinity', '-Infinity'],
]);

/** The JSON spelling of a word that is nearly a number, for the message and the quick fix. */
export function spellNumber(word: string): string | undefined {
  const known = spellings.get(word.toLowerCase());
  if (known !== undefined) return known;
  if (!/^[+-]?[\d._]+([eE][+-]?\d+)?[fFdDLln]?$/.test(word)) return undefined;
  const value = Number(word.replace(/_/g, '').replace(/[fFdDLln]$/, ''));
  return Number.isFinite(value) ? String(value) : undefined;
}

/** What to say of a word that stands where a number is expected. */
export function remedyForWord(word: string): string {
  if (word === 'null' || word === 'None') {
    return `${word} stands where a number is expected: write a number, or NaN for a missing value.`;
  }
  const better = spellNumber(word);
  if (better !== undefined) return `${word} is not how JSON writes a number: write ${better}.`;
  if (word === '...' || word === '…') {
    return `${word} leaves numbers out: print the whole tensor (NumPy's threshold, PyTorch's profile="full").`;
  }
  const shown = showWord(word);
  return `${shown} stands where a number is expected: write a number, such as 0.5.`;
}

/** The start of a word that can be read, or the name of its first character. */
export function showWord(word: string): string {
  const readable = /^[\w.+-]+/.exec(word)?.[0];
  return readable === undefined ? nameCharacter(word, 0) : shorten(readable);
}

/** What to say of a string that stands where a number is expected. */
export function remedyForString(text: string): string {
  const better = spellNumber(text);
  if (better !== undefined) return `"${text}" is a string: write ${better}, without quotes.`;
  return `"${shorten(text)}" is a string where a number is expected: write a number, such as 0.5.`;
}

function shorten(word: string): string {
  return word.length <= 24 ? word : `${word.slice(0, 23)}…`;
}
