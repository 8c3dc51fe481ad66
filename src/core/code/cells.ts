import { lastBefore } from './bindings';

/** Cells of a notebook as one text. */
export interface JoinedCells {
  readonly text: string;
  /** Where each of them begins in it. */
  readonly starts: readonly number[];
}

/** Cells one after the other, a line's end between them. */
export function joinCells(cells: readonly string[]): JoinedCells {
  const starts: number[] = [];
  let length = 0;
  for (const cell of cells) {
    starts.push(length);
    length += cell.length + 1;
  }
  return { text: cells.join('\n'), starts };
}

/** Index of the cell that an offset of the joined text is in; the end of a cell is its own. */
export function cellAt(starts: readonly number[], offset: number): number {
  return Math.max(
    0,
    lastBefore(starts, offset + 1, start => start),
  );
}

/** Cell magics of IPython and its usual extensions whose cells are text, or programs of another process. */
const otherPrograms =
  /^\s*%%(?:!|(?:bash|bigquery|cmd|cuda|cython|file|html|HTML|javascript|js|julia|latex|markdown|perl|powershell|pypy|python2?|python3|R|ruby|script|sh|shell|sql|svg|SVG|sx|system|writefile)\b)/;

/** Whether a cell of code is run by the kernel itself, and not `%%bash` or `%%writefile`. */
export function isKernelCode(cell: string): boolean {
  return !otherPrograms.test(cell);
}
