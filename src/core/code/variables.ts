import type { LanguageProfile } from '../text/literalLanguage';
import { isSilent } from '../text/literalPosition';
import { evaluateExpression, evaluateTensor } from './evaluate';
import { unknown, type Evaluation } from './evaluation';

/** Variables that one expression may lead to, one after the other. */
const mostLinks = 8;

/** Characters before an expression in which its variables are looked for. */
const reach = 1 << 17;

/**
 * What variables are at an offset, by the nearest assignment before it: `gamma = np.ones(4)`. One that is made in a
 * branch, a loop or a function that the offset is not in, or that is changed afterwards, is unknown.
 */
export function variablesAt(
  text: string,
  offset: number,
  language: LanguageProfile,
  links = mostLinks,
): (name: string) => Evaluation | undefined {
  const known = new Map<string, Evaluation | undefined>();
  return name => {
    if (known.has(name)) return known.get(name);
    const value =
      links > 0 ? valueBefore(text, offset, name, language, links) : unknown('it leads too far');
    known.set(name, value);
    return value;
  };
}

function valueBefore(
  text: string,
  offset: number,
  name: string,
  language: LanguageProfile,
  links: number,
): Evaluation | undefined {
  const floor = Math.max(0, offset - reach);
  const lineOf = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = indentAt(text, lineOf);
  for (let at = lineOf; at > floor;) {
    // Not from −1: a search from there finds what stands at 0, again and again.
    at = text.lastIndexOf(name, at - 1);
    if (at < floor) break;
    const change = changeAt(text, at, name);
    if (!change || isSilent(text, at, language)) continue;
    const start = text.lastIndexOf('\n', at) + 1;
    if (change.kind === 'changed') return unknown(`${name} is changed on the way`);
    if (indentAt(text, start) > indent) return unknown(`${name} is set in a branch`);
    const lookup = variablesAt(text, start, language, links - 1);
    return evaluateTensor(evaluateExpression(text, change.valueStart, language, { lookup }));
  }
  return undefined;
}

const assignment = /[ \t]*(?::[^=\n]{0,80})?=(?!=)[ \t]*/y;
const change = /[ \t]*(?:[-+*/@%]|\/\/|\*\*)=|\[[^\]\n]{0,80}\][ \t]*=(?!=)/y;

type Change = { readonly kind: 'set'; readonly valueStart: number } | { readonly kind: 'changed' };

/** What a statement that begins with a name does to it. */
function changeAt(text: string, at: number, name: string): Change | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  if (!/^[ \t]*(?:(?:export[ \t]+)?(?:const|let|var)[ \t]+)?$/.test(text.slice(start, at)))
    return undefined;
  const end = at + name.length;
  assignment.lastIndex = end;
  const set = assignment.exec(text);
  if (set) return { kind: 'set', valueStart: end + set[0].length };
  change.lastIndex = end;
  return change.test(text) ? { kind: 'changed' } : undefined;
}

function indentAt(text: string, lineStart: number): number {
  let i = lineStart;
  while (text.charAt(i) === ' ' || text.charAt(i) === '\t') i++;
  return i - lineStart;
}
