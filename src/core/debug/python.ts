import { assigns, withoutStrings, type DebuggeeLanguage } from './language';
import { pythonHelpers } from './pythonHelpers';
import { sessionTypes } from './sessionTypes';

/** A name, then attributes and subscripts of constants, names and slices: nothing that is called. */
const path =
  /^[\p{L}_][\p{L}\p{N}_]*(\s*\.\s*[\p{L}_][\p{L}\p{N}_]*|\s*\[[\p{L}\p{N}_\s,.:'"-]*\])*$/u;

/**
 * Runs a function of the helpers on a value. They live in a dictionary of their own that is gone afterwards; the
 * value is evaluated in the frame. Nothing but `__import__` is looked up there, which a program hardly ever shadows.
 */
function calling(name: string, argument: string, ...rest: readonly number[]): string {
  const code = JSON.stringify(pythonHelpers);
  const given = ['x', ...rest].join(', ');
  return (
    `(lambda b, s, x: (b.exec(${code}, s), s['answer'](s[${JSON.stringify(name)}], ${given}))[1])` +
    `(__import__('builtins'), {}, (${argument}\n))`
  );
}

/** Programs under debugpy. */
export const python: DebuggeeLanguage = {
  id: 'python',
  name: 'Python',
  sessionTypes: sessionTypes.python,
  isPath: expression => path.test(expression.trim()),
  // What only a statement could do is a syntax error there.
  refusal: expression =>
    withoutStrings(expression).includes(':=') ? assigns(expression) : undefined,
  describe: (expression, { inlineBytes, healthElements }) =>
    calling('describe', expression, inlineBytes, healthElements),
  read: (expression, start, end) => calling('read', expression, start, end),
  list: (_, { healthElements }) => calling('listing', 'locals()', healthElements),
  needsNames: false,
};
