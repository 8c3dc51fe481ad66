/** A column of a table: its head, its cells, and which side they line up on. */
export interface Column {
  readonly head: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
}

/**
 * Lines of a table in plain text, two spaces between its columns. Columns without a cell that says
 * anything are left out.
 */
export function layOutTable(columns: readonly Column[]): string[] {
  const shown = columns.filter(({ cells }) => cells.some(cell => cell !== ''));
  const rows = Math.max(0, ...shown.map(({ cells }) => cells.length));
  const widths = shown.map(({ head, cells }) =>
    cells.reduce((width, cell) => Math.max(width, widthOf(cell)), widthOf(head)),
  );
  const line = (cell: (column: Column) => string): string =>
    shown
      .map((column, i) => pad(cell(column), widths[i] as number, column.align))
      .join('  ')
      .trimEnd();
  const lines = [line(({ head }) => head)];
  for (let row = 0; row < rows; row++) lines.push(line(({ cells }) => cells[row] ?? ''));
  return lines;
}

/** Code points: what is printed here has no wide or combining characters. */
function widthOf(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, width: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Label and value in two columns, one pair a line; pairs without a value are left out. */
export function layOutPairs(pairs: readonly (readonly [label: string, value: string])[]): string[] {
  const shown = pairs.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([label]) => widthOf(label)));
  return shown.map(([label, value]) => `${pad(label, width, 'left')}  ${value}`);
}
