/** A cell of the grid; row −1 is the header. */
export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

export interface GridExtent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that a page key moves. */
  readonly page: number;
}

type Move = (at: GridPosition, extent: GridExtent) => GridPosition;

/** Movement in a grid as the ARIA authoring practices have it. */
const moves: Readonly<Record<string, Move>> = {
  ArrowUp: at => ({ ...at, row: at.row - 1 }),
  ArrowDown: at => ({ ...at, row: at.row + 1 }),
  ArrowLeft: at => ({ ...at, column: at.column - 1 }),
  ArrowRight: at => ({ ...at, column: at.column + 1 }),
  PageUp: (at, { page }) => ({ ...at, row: Math.max(0, at.row - page) }),
  PageDown: (at, { page }) => ({ ...at, row: at.row + page }),
  Home: at => ({ ...at, column: 0 }),
  End: (at, { columns }) => ({ ...at, column: columns - 1 }),
  'Ctrl+Home': () => ({ row: 0, column: 0 }),
  'Ctrl+End': (_, { rows, columns }) => ({ row: rows - 1, column: columns - 1 }),
  'Ctrl+ArrowUp': at => ({ ...at, row: 0 }),
  'Ctrl+ArrowDown': (at, { rows }) => ({ ...at, row: rows - 1 }),
};

export function clampPosition(at: GridPosition, extent: GridExtent): GridPosition {
  return {
    row: Math.max(-1, Math.min(at.row, extent.rows - 1)),
    column: Math.max(0, Math.min(at.column, extent.columns - 1)),
  };
}

/** Where a key moves the active cell, or undefined when it is not a key that moves. */
export function moveInGrid(
  key: string,
  control: boolean,
  at: GridPosition,
  extent: GridExtent,
): GridPosition | undefined {
  const move = moves[control ? `Ctrl+${key}` : key];
  return move && clampPosition(move(at, extent), extent);
}

/** Whether a key typed on an editable cell begins a number (or `nan`, `inf`). */
export function beginsNumber(key: string): boolean {
  return /^[0-9.+\-−nNiI∞]$/.test(key);
}
