import { malformed } from '../malformed';

/**
 * Decompresses one Snappy block, which a table may be stored in.
 * Source: google/snappy format_description.txt.
 * @param limit bytes that the result may have
 */
export function decompressSnappy(input: Uint8Array, limit: number): Uint8Array {
  const { length, start } = readLength(input);
  if (length > limit) malformed(`a compressed block says it has ${length} bytes, over ${limit}`);
  const output = new Uint8Array(length);
  let from = start;
  let to = 0;
  while (from < input.length) {
    const element = readElement(input, from);
    if (to + element.length > length) malformed('a compressed block is longer than it says');
    if (element.kind === 'literal') {
      output.set(input.subarray(element.start, element.start + element.length), to);
    } else {
      copyWithin(output, to, element.offset, element.length);
    }
    from = element.next;
    to += element.length;
  }
  if (to !== length) malformed('a compressed block is shorter than it says');
  return output;
}

type Element =
  | {
      readonly kind: 'literal';
      readonly start: number;
      readonly length: number;
      readonly next: number;
    }
  | {
      readonly kind: 'copy';
      readonly offset: number;
      readonly length: number;
      readonly next: number;
    };

function readElement(input: Uint8Array, at: number): Element {
  const tag = input[at] as number;
  const low = tag >> 2;
  switch (tag & 3) {
    case 0: {
      const extra = low < 60 ? 0 : low - 59;
      const length = (extra === 0 ? low : littleEndian(input, at + 1, extra)) + 1;
      const start = at + 1 + extra;
      if (start + length > input.length) malformed('a compressed block ends within a literal');
      return { kind: 'literal', start, length, next: start + length };
    }
    case 1: {
      const offset = ((tag >> 5) << 8) | littleEndian(input, at + 1, 1);
      return { kind: 'copy', offset, length: (low & 7) + 4, next: at + 2 };
    }
    case 2:
      return {
        kind: 'copy',
        offset: littleEndian(input, at + 1, 2),
        length: low + 1,
        next: at + 3,
      };
    default:
      return {
        kind: 'copy',
        offset: littleEndian(input, at + 1, 4),
        length: low + 1,
        next: at + 5,
      };
  }
}

/** Copies from what was written before; the ranges may overlap, which repeats a pattern. */
function copyWithin(output: Uint8Array, to: number, offset: number, length: number): void {
  if (offset === 0 || offset > to) malformed('a compressed block refers to before its start');
  for (let i = 0; i < length; i++) output[to + i] = output[to + i - offset] as number;
}

function littleEndian(input: Uint8Array, at: number, bytes: number): number {
  if (at + bytes > input.length) malformed('a compressed block ends within an element');
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (input[at + i] as number);
  return value;
}

function readLength(input: Uint8Array): { readonly length: number; readonly start: number } {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = input[i];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { length, start: i + 1 };
  }
  return malformed('a compressed block has no length');
}
