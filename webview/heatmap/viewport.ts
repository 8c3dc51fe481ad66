/** What part of a slice is in view: the cell in the top left corner, and how large cells are, in CSS pixels. */
export interface Viewport {
  /** Cells, with a fraction. */
  readonly top: number;
  readonly left: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** Of the canvas, in CSS pixels, and of the slice, in cells. */
export interface Extent {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
}

/** A cell is at most this large, in CSS pixels. */
const largestCell = 160;

/** Slices that are longer than wide by more than this, or wider, are stretched to fill the canvas. */
const longest = 4;

/** The whole slice in view: square cells, but for slices that would be a thread. */
export function fit({ width, height, rows, columns }: Extent): Viewport {
  const cellWidth = Math.min(width / Math.max(columns, 1), largestCell);
  const cellHeight = Math.min(height / Math.max(rows, 1), largestCell);
  const ratio = columns / Math.max(rows, 1);
  if (ratio > longest || ratio < 1 / longest) return { top: 0, left: 0, cellWidth, cellHeight };
  const size = Math.min(cellWidth, cellHeight);
  return { top: 0, left: 0, cellWidth: size, cellHeight: size };
}

/** Larger or smaller cells, around a point of the canvas that stays where it is. */
export function zoom(
  viewport: Viewport,
  extent: Extent,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Viewport {
  const whole = fit(extent);
  const least = Math.min(1, whole.cellWidth / viewport.cellWidth);
  const most = largestCell / Math.max(viewport.cellWidth, viewport.cellHeight);
  const by = Math.min(Math.max(factor, least), Math.max(most, 1));
  const { cellWidth, cellHeight } = viewport;
  return inside(
    {
      left: viewport.left + at.x / cellWidth - at.x / (cellWidth * by),
      top: viewport.top + at.y / cellHeight - at.y / (cellHeight * by),
      cellWidth: cellWidth * by,
      cellHeight: cellHeight * by,
    },
    extent,
  );
}

/** Moves the slice under the canvas by so many CSS pixels. */
export function pan(viewport: Viewport, extent: Extent, x: number, y: number): Viewport {
  const { left, top, cellWidth, cellHeight } = viewport;
  return inside({ ...viewport, left: left - x / cellWidth, top: top - y / cellHeight }, extent);
}

/** The least move that brings a cell into view. */
export function reveal(
  viewport: Viewport,
  extent: Extent,
  cell: { readonly row: number; readonly column: number },
): Viewport {
  const { cellWidth, cellHeight } = viewport;
  const acrossView = extent.width / cellWidth;
  const downView = extent.height / cellHeight;
  return inside(
    {
      ...viewport,
      left: clamp(viewport.left, cell.column + 1 - acrossView, cell.column),
      top: clamp(viewport.top, cell.row + 1 - downView, cell.row),
    },
    extent,
  );
}

/** No empty margin where there are cells to fill it. */
export function inside(viewport: Viewport, { width, height, rows, columns }: Extent): Viewport {
  const { left, top, cellWidth, cellHeight } = viewport;
  return {
    ...viewport,
    left: clamp(left, 0, Math.max(0, columns - width / cellWidth)),
    top: clamp(top, 0, Math.max(0, rows - height / cellHeight)),
  };
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/** The cell under a point of the canvas; undefined where there is none. */
export function cellUnder(
  { left, top, cellWidth, cellHeight }: Viewport,
  { rows, columns }: Extent,
  x: number,
  y: number,
): { row: number; column: number } | undefined {
  const [row, column] = [Math.floor(top + y / cellHeight), Math.floor(left + x / cellWidth)];
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : undefined;
}

/** A window of cells to ask for: first cell, how many, and how many of them one pixel block stands for. */
export interface Span {
  readonly first: number;
  readonly count: number;
  readonly block: number;
}

/** What a cell of the picture measures at least, in CSS pixels: smaller ones are taken together. */
const leastPixels = 2;

/**
 * The rows or the columns to ask for, so that what is in view is drawn and a part of a screen around it: aligned to
 * blocks, so that a block stands for the same cells wherever the window begins.
 * @param margin of what is in view, on each side
 */
export function spanInView(
  start: number,
  cellSize: number,
  pixels: number,
  count: number,
  margin: number,
): Span {
  const block = 2 ** Math.max(0, Math.ceil(Math.log2(leastPixels / cellSize)));
  const inView = pixels / cellSize;
  const grid = block * 16;
  const from = Math.max(0, Math.floor((start - inView * margin) / grid) * grid);
  const to = Math.min(count, Math.ceil((start + inView * (1 + margin)) / grid) * grid);
  return { first: from, count: Math.max(0, to - from), block };
}

/** Whether one span has all that the other asks for, as finely. */
export function covers(have: Span, want: Span): boolean {
  return (
    have.block === want.block &&
    have.first <= want.first &&
    have.first + have.count >= want.first + want.count
  );
}
