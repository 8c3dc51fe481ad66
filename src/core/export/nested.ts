import type { Tensor } from '../tensor/tensor';

/** How a language writes lists and numbers. */
export interface Spelling {
  readonly number: (x: number) => string;
}

/** Elements of the innermost axis that one piece of text holds. */
const pieceElements = 4096;

/** A tensor as nested lists in brackets, a line for each of the innermost, in pieces of text. A scalar is its number. */
export function* nestedLists({ shape, data }: Tensor, spelling: Spelling): Generator<string> {
  const { number } = spelling;
  const rank = shape.length;
  if (rank === 0) {
    yield number(data[0] as number);
    return;
  }
  if (data.length === 0) {
    yield emptyLists(shape);
    return;
  }
  const width = shape[rank - 1] as number;
  const rows = data.length / width;
  for (let row = 0; row < rows; row++) {
    yield opening(shape, row);
    for (let from = 0; from < width; from += pieceElements) {
      const end = Math.min(from + pieceElements, width);
      const numbers = Array.from(data.subarray(row * width + from, row * width + end), number);
      yield `${from === 0 ? '' : ', '}${numbers.join(', ')}`;
    }
    yield closing(shape, row, rows);
  }
}

/** Brackets that open before an innermost list: one for each axis that begins anew there. */
function opening(shape: readonly number[], row: number): string {
  const begun = begins(shape, row);
  const indent = ' '.repeat(shape.length - begun);
  return `${row === 0 ? '' : indent}${'['.repeat(begun)}`;
}

function closing(shape: readonly number[], row: number, rows: number): string {
  if (row === rows - 1) return ']'.repeat(shape.length);
  const closed = begins(shape, row + 1);
  return `${']'.repeat(closed)},\n`;
}

/** How many axes, counted from the innermost, begin anew at a row of the innermost. */
function begins(shape: readonly number[], row: number): number {
  let count = 1;
  let size = 1;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    size *= shape[axis] as number;
    if (row % size !== 0 && row !== 0) break;
    count++;
  }
  return row === 0 ? shape.length : count;
}

/** `[[], []]` of [2,0]. */
function emptyLists(shape: readonly number[]): string {
  const [size, ...rest] = shape;
  if (size === undefined || size === 0) return '[]';
  return `[${Array.from({ length: size }, () => emptyLists(rest)).join(', ')}]`;
}
