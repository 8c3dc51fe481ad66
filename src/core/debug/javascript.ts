import { assigns, withoutStrings, type DebuggeeLanguage } from './language';
import { javascriptHelpers } from './javascriptHelpers';
import { sessionTypes } from './sessionTypes';

const word = String.raw`[\p{L}_$#][\p{L}\p{N}_$]*`;

/** A name, then members and indices by constants and names: nothing that is called. */
const path = new RegExp(
  String.raw`^${word}(\s*\??\.\s*(${word}|\[[\p{L}\p{N}_$\s.'"-]*\])|\s*\[[\p{L}\p{N}_$\s.'"-]*\])*$`,
  'u',
);

/** Assignments, counting up and down, `delete`. */
const changing = /(^|[^=!<>])=(?![=>])|[<>]{2,3}=|\+\+|--|\bdelete\b/;

/** Runs a function of the helpers, which are gone afterwards, on values that are evaluated in the frame. */
function calling(name: string, ...given: readonly (string | number)[]): string {
  return `(${javascriptHelpers})().answer(${JSON.stringify(name)}, ${given.join(', ')})`;
}

/** Programs under js-debug: Node, browsers, and what is written in TypeScript for them. */
export const javascript: DebuggeeLanguage = {
  id: 'javascript',
  name: 'JavaScript',
  sessionTypes: sessionTypes.javascript,
  isPath: expression => path.test(expression.trim()),
  refusal: expression =>
    changing.test(withoutStrings(expression)) ? assigns(expression) : undefined,
  describe: (expression, { inlineBytes, healthElements }) =>
    calling('describe', `(${expression}\n)`, inlineBytes, healthElements),
  read: (expression, start, end) => calling('read', `(${expression}\n)`, start, end),
  // One that is in its dead zone throws when it is read.
  list: (names, { healthElements }) => {
    const thunks = names
      .filter(name => path.test(name))
      .map(name => `[${JSON.stringify(name)}, () => ${name}]`);
    return calling('listing', `[${thunks.join(', ')}]`, healthElements);
  },
  needsNames: true,
};
