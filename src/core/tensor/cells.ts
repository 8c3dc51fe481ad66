import type { Walk } from './cellGrid';
import type { TensorData } from './tensor';

/** A walk whose elements are taken together, `block` at a time: the last block may be shorter. */
export interface BlockWalk extends Walk {
  /** At least 1. */
  readonly block: number;
}

/** A window onto the cells of a slice: rows by columns, for each facet. */
export interface CellWindow {
  /** Flat index of the first element. */
  readonly offset: number;
  readonly rows: BlockWalk;
  readonly columns: BlockWalk;
  readonly facets: Walk;
}

/** `pick` takes the first element of each block, `mean` the mean of its finite ones. */
export type CellReduction = 'pick' | 'mean';

/** The elements of a tensor, or of the difference of two. */
export interface CellValues {
  readonly data: TensorData;
  /** Subtracted, where it is there. */
  readonly minus?: TensorData;
}

/** Integers stay what they are where they are shown one by one; all else is float32. */
export type CellNumbers = Float32Array | Int32Array;

/** What a window shows: facet after facet, row after row. */
export interface Cells {
  readonly facets: number;
  readonly rows: number;
  readonly columns: number;
  /** Of a block without a finite element: NaN, or the infinity that there is most of. */
  readonly values: CellNumbers;
  /** Where blocks were averaged: which of their elements were not finite, by the bits of `oddBits`. */
  readonly odd?: Uint8Array;
}

/** Bits of `Cells.odd`. */
export const oddBits = { nan: 1, posInf: 2, negInf: 4 } as const;

export function blocksOf({ count, block }: BlockWalk): number {
  return Math.ceil(count / block);
}

export function emptyCells(
  window: CellWindow,
  reduction: CellReduction,
  { data, minus }: CellValues,
): Cells {
  const [facets, rows, columns] = [
    window.facets.count,
    blocksOf(window.rows),
    blocksOf(window.columns),
  ];
  const size = facets * rows * columns;
  const exact = reduction === 'pick' && minus === undefined && data instanceof Int32Array;
  const values = exact ? new Int32Array(size) : new Float32Array(size);
  return reduction === 'mean'
    ? { facets, rows, columns, values, odd: new Uint8Array(size) }
    : { facets, rows, columns, values };
}

/**
 * Fills one row of cells.
 * @param row of all facets' rows, one facet after the other
 */
export function fillRow(
  source: CellValues,
  window: CellWindow,
  row: number,
  reduction: CellReduction,
  into: Cells,
): void {
  if (reduction === 'mean') averageRow(source, window, row, into);
  else pickRow(source, window, row, into);
}

function startOf({ offset, rows, facets }: CellWindow, row: number, perFacet: number): number {
  const facet = Math.floor(row / perFacet);
  return offset + facet * facets.stride + (row % perFacet) * rows.block * rows.stride;
}

function pickRow({ data, minus }: CellValues, window: CellWindow, row: number, into: Cells): void {
  const { values, columns, rows } = into;
  const step = window.columns.block * window.columns.stride;
  let at = startOf(window, row, rows);
  for (let i = row * columns, end = i + columns; i < end; i++, at += step) {
    const x = data[at] as number;
    values[i] = minus === undefined ? x : x - (minus[at] as number);
  }
}

function averageRow(source: CellValues, window: CellWindow, row: number, into: Cells): void {
  const { columns, rows } = into;
  const first = startOf(window, row, rows);
  const startRow = (row % rows) * window.rows.block;
  const height = Math.min(window.rows.block, window.rows.count - startRow);
  for (let column = 0; column < columns; column++) {
    const startColumn = column * window.columns.block;
    const width = Math.min(window.columns.block, window.columns.count - startColumn);
    averageBlock(
      source,
      { first: first + startColumn * window.columns.stride, height, width, window },
      into,
      row * columns + column,
    );
  }
}

interface Block {
  readonly first: number;
  readonly height: number;
  readonly width: number;
  readonly window: CellWindow;
}

function averageBlock(
  { data, minus }: CellValues,
  { first, height, width, window }: Block,
  into: Cells,
  at: number,
): void {
  let [sum, finite, nan, posInf, negInf] = [0, 0, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    let i = first + row * window.rows.stride;
    for (let column = 0; column < width; column++, i += window.columns.stride) {
      const x =
        minus === undefined ? (data[i] as number) : (data[i] as number) - (minus[i] as number);
      // Of the others the difference is NaN.
      if (x - x === 0) {
        sum += x;
        finite++;
      } else if (Number.isNaN(x)) nan++;
      else if (x > 0) posInf++;
      else negInf++;
    }
  }
  const { values, odd } = into;
  values[at] = finite > 0 ? sum / finite : nan > 0 ? NaN : posInf >= negInf ? Infinity : -Infinity;
  if (odd) {
    odd[at] =
      (nan > 0 ? oddBits.nan : 0) |
      (posInf > 0 ? oddBits.posInf : 0) |
      (negInf > 0 ? oddBits.negInf : 0);
  }
}
