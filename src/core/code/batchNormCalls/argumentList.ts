import type { TokenSpan } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import type { ArgumentRole, Roles } from './roles';

/** An argument that was matched to a parameter. */
export interface MatchedArgument {
  readonly role: ArgumentRole;
  readonly name: string;
  readonly value: TokenSpan;
}

/**
 * Matches a call's arguments to what they say: those with names by them, the others by their place. Behind `*args`
 * places are not known.
 */
export function matchArguments(
  call: Call,
  signature: string,
  roles: Roles,
): readonly MatchedArgument[] {
  const parameters = signature === '' ? [] : signature.split(' ');
  const found: MatchedArgument[] = [];
  let placesKnown = true;
  for (const { name, index, value, spread } of call.arguments) {
    if (spread) {
      placesKnown = false;
      continue;
    }
    const parameter = name ?? (placesKnown ? parameters[index] : undefined);
    const role = parameter === undefined ? undefined : roles[parameter];
    if (parameter !== undefined && role !== undefined) found.push({ role, name: parameter, value });
  }
  return found;
}

/**
 * The argument of a call in which others may be that are not seen: `**options`, `...rest`, or a variable in the place of
 * JavaScript's object of options. Undefined where all that is given is in sight.
 * @param signature of the parameters that have places
 */
export function hiddenArguments(
  { tokens, brackets }: CodeFile,
  call: Call,
  signature: string,
): TokenSpan | undefined {
  const places = signature === '' ? 0 : signature.split(' ').length;
  const isObject = ({ first, end }: TokenSpan): boolean =>
    tokens.is(first, '{') && brackets.partner(first) === end - 1;
  return call.arguments.find(
    ({ name, index, value, spread }) =>
      spread || (name === undefined && index >= places && !isObject(value)),
  )?.value;
}

/** Characters of an argument that are shown. */
const shownWidth = 60;

/** An expression as it stands in the text, on one line and shortened. */
export function spanText({ tokens, text }: CodeFile, { first, end }: TokenSpan): string {
  const whole = text.slice(
    tokens.start(first),
    Math.min(tokens.end(end - 1), tokens.start(first) + 4096),
  );
  const line = whole.replace(/\s+/g, ' ');
  return line.length > shownWidth ? `${line.slice(0, shownWidth - 1)}…` : line;
}
