import type { PickleMachine } from './machine';

/** `1234`, or `00` and `01` for booleans, as protocol 0 writes them. */
export function wholeNumber(line: string, machine: PickleMachine): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01';
  if (!/^\s*[-+]?\d{1,2500}\s*$/.test(line)) machine.bad('has an integer that is none');
  const value = Number(line);
  return Number.isSafeInteger(value) ? value : BigInt(line.trim().replace(/^\+/, ''));
}

/** A string literal of Python. */
export function quotedText(line: string): string {
  const inner = /^\s*(["'])(.*)\1\s*$/s.exec(line)?.[2] ?? line;
  return inner.replace(/\\(x[\da-fA-F]{2}|[0-7]{1,3}|.)/gs, (_, escaped: string) => {
    const first = escaped.charAt(0);
    if (first === 'x' && escaped.length === 3)
      return String.fromCharCode(parseInt(escaped.slice(1), 16));
    if (first >= '0' && first <= '7') return String.fromCharCode(parseInt(escaped, 8));
    return named[first] ?? escaped;
  });
}

const named: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
};

/** `\u20ac` and `\U0001f600`, as protocol 0 writes text. */
export function decodeEscapes(line: string): string {
  return line.replace(
    /\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g,
    (whole, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
