import type { CellAt } from './linkedView';
import type { Extent, Viewport } from './viewport';

export type KeyEffect =
  | { readonly kind: 'move'; readonly cell: CellAt }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'fit' }
  | { readonly kind: 'choose' };

const zoomStep = 1.5;

/**
 * What a key does: arrows move by a cell, with Shift by ten, Page Up and Down by a screen, Home and End along the row,
 * with Ctrl to the corners; + and − zoom, 0 shows all, Enter chooses.
 * @returns undefined where it does nothing
 */
export function handleKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey'>,
  extent: Extent,
  viewport: Viewport,
  cursor: CellAt,
): KeyEffect | undefined {
  const { key, shiftKey, ctrlKey } = event;
  switch (key) {
    case '+':
    case '=':
      return { kind: 'zoom', factor: zoomStep };
    case '-':
    case '_':
      return { kind: 'zoom', factor: 1 / zoomStep };
    case '0':
      return { kind: 'fit' };
    case 'Enter':
    case ' ':
      return { kind: 'choose' };
    default: {
      const screen = Math.max(1, Math.floor(extent.height / viewport.cellHeight));
      const to = target(key, ctrlKey, shiftKey ? 10 : 1, screen, extent, cursor);
      return to && { kind: 'move', cell: clampTo(to, extent) };
    }
  }
}

function target(
  key: string,
  ctrl: boolean,
  step: number,
  screen: number,
  { rows, columns }: Extent,
  { row, column }: CellAt,
): CellAt | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: row - step, column };
    case 'ArrowDown':
      return { row: row + step, column };
    case 'ArrowLeft':
      return { row, column: column - step };
    case 'ArrowRight':
      return { row, column: column + step };
    case 'PageUp':
      return { row: row - screen, column };
    case 'PageDown':
      return { row: row + screen, column };
    case 'Home':
      return ctrl ? { row: 0, column: 0 } : { row, column: 0 };
    case 'End':
      return ctrl ? { row: rows - 1, column: columns - 1 } : { row, column: columns - 1 };
    default:
      return undefined;
  }
}

function clampTo({ row, column }: CellAt, { rows, columns }: Extent): CellAt {
  return {
    row: Math.max(0, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}
