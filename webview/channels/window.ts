import type { Viewport } from '../store';

/** Height of every row of the grid, header apart, in pixels. The css has the same number. */
export const rowHeight = 28;

/** Rows rendered beyond what is visible, above and below: each is drawn anew by a toggle, so few. */
const overscan = 4;

export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/** The rows to render: those in view and the overscan. All rows are of one height, so it is a division. */
export function rowsInView(viewport: Viewport, total: number): RowWindow {
  const first = Math.max(0, Math.floor(viewport.top / rowHeight) - overscan);
  const last = Math.ceil((viewport.top + viewport.height) / rowHeight) + overscan;
  const end = Math.min(total, last);
  return { first: Math.min(first, Math.max(0, end - 1)), end };
}

/**
 * Scroll position that brings a row into view, or the present one when it is.
 * `viewport.height` is that of the rows alone, without the header.
 */
export function scrollToRow(viewport: Viewport, row: number): number {
  const top = row * rowHeight;
  const { top: from, height } = viewport;
  if (top < from) return top;
  if (top + rowHeight > from + height) return top + rowHeight - height;
  return from;
}
