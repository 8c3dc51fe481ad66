import type { TensorLiteral } from './literal';
import type { LanguageProfile } from './literalLanguage';

/** A tensor of rank 0 as each framework prints it: its one number is no literal, for it has no brackets. */
const scalar =
  /(?<![\w$])(tensor|array|Array|tf\.Tensor|np\.(?:float|u?int)\d+)\(\s*([-+]?(?:nan|inf|\d+\.?\d*(?:e[-+]?\d+)?))\s*(\)|,[^()[\]\n]{0,200}(?:\([^()\n]*\)[^()\n]{0,200})?\))/g;

/** As TensorFlow and Keras represent one, with its name where it has one. */
const represented =
  /<(tf\.Tensor|tf\.Variable|Variable)\b:?(?: path=([^,\s]+),?| '([^'\n]+)')? ?(shape=\(\)[^<>\n]{0,120}?)(?:numpy|value)=([-+]?(?:nan|inf|\d+\.?\d*(?:e[-+]?\d+)?))>/g;

/** What a log says an error is, is no name: `TypeError: array(5)`. */
const named = /(?<![\w$.])((?!\w*(?:Error|Exception|Warning)\s*:)[A-Za-z_$][\w$.]*)\s*(=|:)\s*$/;
const dtypeArgument = /\bdtype=(?:torch\.)?['"]?([a-z]+\d*)/;

/** Digits after the point that PyTorch and the others print. */
const torchDigits = 4;
const otherDigits = 8;

/**
 * The printed tensor of rank 0 around an offset of its line, float32 of shape ().
 * @returns undefined where there is none, and in languages that print nothing
 */
export function printedScalar(
  text: string,
  offset: number,
  language: LanguageProfile,
): TensorLiteral | undefined {
  if (!language.printed) return undefined;
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - reach);
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(lineStart, Math.min(lineEnd < 0 ? text.length : lineEnd, offset + reach));
  const at = (match: RegExpExecArray): TensorLiteral['range'] => {
    const start = lineStart + match.index;
    return { start, end: start + match[0].length };
  };
  const isHere = ({ start, end }: TensorLiteral['range']): boolean =>
    offset >= start && offset <= end;
  for (const match of line.matchAll(scalar)) {
    const [, call = '', number = '', rest = ''] = match;
    if (!isHere(at(match))) continue;
    // Browsers print how long a list is: `Array(3) [1, 2, 3]`. JAX always says the dtype.
    if (call === 'Array' && !dtypeArgument.test(rest)) return undefined;
    return literalOf(at(match), {
      call,
      number,
      rest,
      name: named.exec(line.slice(0, match.index)),
    });
  }
  for (const match of line.matchAll(represented)) {
    const [, call = '', path, title, rest = '', number = ''] = match;
    const name = path ?? title;
    if (!isHere(at(match))) continue;
    return literalOf(at(match), {
      call,
      number,
      rest,
      name: name === undefined ? null : ['', name],
    });
  }
  return undefined;
}

const reach = 1024;

interface Printed {
  readonly call: string;
  readonly number: string;
  /** What is said of it: its dtype. */
  readonly rest: string;
  /** The name, and what stands between it and the tensor. */
  readonly name: readonly string[] | null;
}

function literalOf(
  range: TensorLiteral['range'],
  { call, number, rest, name }: Printed,
): TensorLiteral {
  const value = Number(number.replace(/nan/, 'NaN').replace(/inf/, 'Infinity'));
  const data = Float32Array.of(value);
  const dtype = dtypeArgument.exec(rest)?.[1] ?? /np\.(\w+)$/.exec(call)?.[1];
  const isWhole = Number.isInteger(value) || !Number.isFinite(value);
  const digits = call === 'tensor' ? torchDigits : otherDigits;
  return {
    range,
    outerRange: range,
    call,
    name: name?.[1] ?? '',
    assignedBy: name?.[2] === '=' || name?.[2] === ':' ? name[2] : '',
    ...(dtype !== undefined && { declaredDType: dtype }),
    content: {
      kind: 'tensor',
      tensor: { shape: [], dtype: 'float32', data },
      rounded: isWhole && Number.isFinite(value) && data[0] !== value ? 1 : 0,
      overflowed: Number.isFinite(value) && !Number.isFinite(data[0]) ? 1 : 0,
      ...(!isWhole && { printedDigits: digits }),
    },
  };
}
