import { languageProfile, textLanguage, type LanguageProfile } from './literalLanguage';

/** A document's text as tensors are looked for in it. */
export interface ReadableText {
  /** As long as the document's own: an offset means the same place in both. */
  readonly text: string;
  readonly language: LanguageProfile;
}

/**
 * What a document holds for a reader: terminal colours become spaces, and of a notebook that is open as JSON what its
 * strings say.
 * @param languageId as VS Code names it @param path of the document, for its ending
 */
export function readableText(text: string, languageId: string, path: string): ReadableText {
  if (path.endsWith('.ipynb') && languageId.startsWith('json')) {
    return { text: withoutColours(stringsOfJson(text)), language: textLanguage };
  }
  const language = languageProfile(languageId);
  return { text: language.printed ? withoutColours(text) : text, language };
}

const colour = /\x1b\[[\d;:]{0,40}[A-Za-z]/g;

function withoutColours(text: string): string {
  if (!text.includes('\x1b')) return text;
  return text.replace(colour, sequence => ' '.repeat(sequence.length));
}

/** A string of JSON, with the colon behind it where it is a key; bounded by its line, as JSON's strings are. */
const jsonString = /"((?:[^"\\\n]|\\.)*)"([ \t]*:)?|[^"\n]+/g;

const escape = /\\(?:u([\da-fA-F]{4})|(.))/g;

const escaped: Readonly<Record<string, string>> = { n: ' ', r: ' ', t: ' ', b: ' ', f: ' ' };

/**
 * What is between the strings, and their keys, become spaces. Escapes become what they mean and the spaces they leave:
 * a line of a notebook's output is a string of its own, on a line of its own.
 */
function stringsOfJson(text: string): string {
  return text.replace(jsonString, (whole: string, inside?: string, key?: string) => {
    if (inside === undefined || key !== undefined) return ' '.repeat(whole.length);
    return ` ${inside.replace(escape, unescaped)} `;
  });
}

function unescaped(sequence: string, code: string | undefined, letter: string | undefined): string {
  const character =
    code === undefined
      ? (escaped[letter ?? ''] ?? letter ?? ' ')
      : String.fromCharCode(Number.parseInt(code, 16));
  return character.padEnd(sequence.length);
}
