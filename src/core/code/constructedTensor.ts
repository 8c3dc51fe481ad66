import type { TensorLiteral } from '../text/literal';
import type { LanguageProfile } from '../text/literalLanguage';
import { isSilent } from '../text/literalPosition';
import { evaluateExpression, evaluateTensor } from './evaluate';
import type { TensorEvaluation } from './evaluation';
import { drawsRandom, makesTensor } from './functions/registry';
import { variablesAt } from './variables';

/** Before an offset, on its line and the few before it that an expression may have begun on. */
const reach = 512;
const linesBefore = 4;

const call = /(?<![\w$.])(?:new\s+)?([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)\s*\(/g;

/** `2 * ` and `-x + ` before a call belong to its expression. */
const operands = /(?:(?:[-+][ \t]*)?[\w.]+[ \t]*(?:\*\*|[*+/-])[ \t]*|-[ \t]*)+$/;

/** What may stand just before an expression. */
const before = /(?:^|[=([,:{\n>]|\breturn)[ \t]*$/;

/**
 * The tensor that an expression around an offset makes: `np.ones(4) * 2`, `torch.arange(8).reshape(2, 4)`.
 * @returns undefined where there is none, or where a bare literal says as much
 */
export function constructedTensor(
  text: string,
  offset: number,
  language: LanguageProfile,
): TensorLiteral | undefined {
  if (language.id !== 'python' && language.id !== 'javascript') return undefined;
  const from = windowStart(text, offset);
  call.lastIndex = from;
  for (let match = call.exec(text); match && match.index <= offset; match = call.exec(text)) {
    const path = match[1] as string;
    if (!makesTensor(path)) continue;
    const found = expressionAt(text, match.index, path, language);
    if (found && found.range.end >= offset && !isSilent(text, found.range.start, language))
      return found;
  }
  return undefined;
}

function windowStart(text: string, offset: number): number {
  const floor = Math.max(0, offset - reach);
  let start = offset;
  for (let lines = 0; lines <= linesBefore; lines++) {
    const newline = text.lastIndexOf('\n', start - 1);
    if (newline < floor) return floor;
    start = newline;
  }
  return start;
}

function expressionAt(
  text: string,
  at: number,
  path: string,
  language: LanguageProfile,
): TensorLiteral | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - reach);
  const ahead = text.slice(lineStart, at);
  const start = at - (operands.exec(ahead)?.[0].length ?? 0);
  if (!before.test(text.slice(lineStart, start))) return undefined;
  const lookup = variablesAt(text, start, language);
  const evaluated = evaluateExpression(text, start, language, { lookup });
  const value = evaluateTensor(evaluated);
  const range = { start, end: evaluated.end };
  const named = nameBefore(text, lineStart, start);
  const literal = { range, outerRange: range, call: path, ...named };
  if (value.kind === 'tensor')
    return value.shape.length > 0 ? { ...literal, ...contentOf(value) } : undefined;
  if (value.kind !== 'unknown' || !drawsRandom(path)) return undefined;
  const message = `The values of this tensor are not known: ${value.reason}.`;
  const problem = { code: 'tensor-random', severity: 'note', message } as const;
  return { ...literal, content: { kind: 'malformed', problem } };
}

/** Elements are float32, as those of a literal are. */
function contentOf({
  shape,
  dtype,
  values,
}: TensorEvaluation): Pick<TensorLiteral, 'content' | 'declaredDType'> {
  const data = Float32Array.from(values);
  let [rounded, overflowed] = [0, 0];
  values.forEach((value, i) => {
    const held = data[i] as number;
    if (held === value || Number.isNaN(value)) return;
    if (!Number.isFinite(held)) overflowed++;
    else if (Number.isInteger(value)) rounded++;
  });
  const tensor = { shape, dtype: 'float32', data } as const;
  return {
    ...(dtype === undefined ? {} : { declaredDType: dtype }),
    content: { kind: 'tensor', tensor, rounded, overflowed },
  };
}

const assigned = /([A-Za-z_$][\w$.]*)\s*(?::[^=\n]{0,80})?=\s*$/;

function nameBefore(
  text: string,
  lineStart: number,
  start: number,
): Pick<TensorLiteral, 'name' | 'assignedBy'> {
  const name = assigned.exec(text.slice(lineStart, start))?.[1];
  return name === undefined ? { name: '', assignedBy: '' } : { name, assignedBy: '=' };
}
