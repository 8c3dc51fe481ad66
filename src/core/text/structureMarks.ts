import type { LanguageProfile } from './literalLanguage';

const known = new WeakMap<LanguageProfile, Uint8Array>();

/**
 * By ASCII code unit: 1 where it may begin a string, a comment, a bracket, an entry or a line. A look over a document passes
 * every other character by, which is nearly all of it.
 */
export function structureMarks(language: LanguageProfile): Uint8Array {
  const made = known.get(language);
  if (made) return made;
  const marks = new Uint8Array(128);
  const comments = [...language.lineComments, ...(language.blockComments ? ['/*'] : [])];
  for (const start of ['()[]{},\n', language.quotes, ...comments.map(mark => mark.charAt(0))]) {
    for (let i = 0; i < start.length; i++) marks[start.charCodeAt(i)] = 1;
  }
  known.set(language, marks);
  return marks;
}

/** Whether a code unit means something to `structureMarks`. */
export function isMark(marks: Uint8Array, code: number): boolean {
  return code < 128 && marks[code] === 1;
}
