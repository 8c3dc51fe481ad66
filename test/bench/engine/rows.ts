/** A row of the table: what the issue asks for, and what this run reached. */
export interface Row {
  readonly work: string;
  readonly against: string;
  /** The figure asked for; absent where a row only informs. */
  readonly asked?: Asked;
  readonly reached: number;
  /** What the figures are; a share of the other's where nothing is said. */
  readonly unit?: string;
  /** Of ours and of the other's, where there are two: medians in milliseconds. */
  readonly ours?: number;
  readonly theirs?: number;
}

export interface Asked {
  readonly bound: 'at most' | 'at least';
  readonly figure: number;
}

/** What the engine's part of the benchmark yields. */
export interface Table {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export const atMost = (figure: number): Asked => ({ bound: 'at most', figure });
export const atLeast = (figure: number): Asked => ({ bound: 'at least', figure });

export function holds({ asked, reached }: Row): boolean {
  if (asked === undefined) return true;
  return asked.bound === 'at most' ? reached <= asked.figure : reached >= asked.figure;
}

export function printTable({ rows, notes }: Table): void {
  const lines = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map(cells => (cells[column] as string).length)),
  );
  console.log('');
  for (const cells of lines) {
    const padded = cells.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
    );
    console.log(padded.join('  ').trimEnd());
  }
  for (const note of notes) console.log(`- ${note}`);
}

const headings = ['work', 'against', 'asked', 'reached', 'ours, ms', 'theirs, ms', ''];

function cellsOf(row: Row): string[] {
  const { work, against, asked, reached, unit, ours, theirs } = row;
  const sign = asked?.bound === 'at most' ? '≤' : '≥';
  return [
    work,
    against,
    asked === undefined ? '' : `${sign} ${asked.figure}`,
    `${formatFigure(reached)}${unit === undefined ? '' : ` ${unit}`}`,
    ours === undefined ? '' : formatFigure(ours),
    theirs === undefined ? '' : formatFigure(theirs),
    holds(row) ? '' : 'missed',
  ];
}

function formatFigure(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Number(value.toPrecision(3)).toString();
}
