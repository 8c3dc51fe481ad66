import { indexOfPosition, positionAt } from '../../src/core/tensor/axisRange';
import { elementAt, type CellGrid } from '../../src/core/tensor/cellGrid';
import type { CellReduction, Cells, CellWindow } from '../../src/core/tensor/cells';
import type { Result } from '../../src/core/problem';
import { axisOf, type AxisRole, type SliceView } from '../../src/core/tensor/sliceView';
import type { AskedCells, HeatmapSource } from './heatmapSource';
import type { CellAt } from './linkedView';

/** A slice that is drawn. */
export interface DrawnSlice {
  readonly slice: SliceView;
  readonly grid: CellGrid;
}

/** Asks for cells of a tensor. */
export type FetchCells = (
  window: CellWindow,
  reduction: CellReduction,
  signal: AbortSignal,
) => Promise<Result<Cells>>;

/** What a slice does not say of the tensor that it is of. */
export interface SliceOf {
  /** Another one whenever the tensor's elements are others. */
  readonly revision: string;
  readonly title: string;
  /** The slice in NumPy's words. */
  readonly text: string;
  /** `H 12`, of the i-th position that is drawn; empty where no axis is drawn so. */
  readonly name: (role: 'rows' | 'columns', i: number) => string;
  readonly fetch: FetchCells;
}

/** The cells of the facet that is large. */
export function sliceSource(drawn: DrawnSlice, of: SliceOf): HeatmapSource {
  const { rows, columns } = drawn.grid;
  const facet = largeFacet(drawn.slice);
  const walk = { first: facet, count: 1 };
  return {
    key: JSON.stringify([of.revision, of.title, facetOffset(drawn.grid, facet), rows, columns]),
    label: `${of.title} ${of.text}`,
    rows: rows.count,
    columns: columns.count,
    rowName: row => of.name('rows', row),
    columnName: column => of.name('columns', column),
    fetch: (asked, signal) =>
      of.fetch(cellWindow(drawn.grid, walk, asked), asked.reduction, signal),
  };
}

/** @param facets which are wanted, of those that there are */
export function cellWindow(
  grid: CellGrid,
  facets: { readonly first: number; readonly count: number },
  { rows, columns }: AskedCells,
): CellWindow {
  const offset = facetOffset(grid, facets.first);
  return {
    offset: offset + rows.first * grid.rows.stride + columns.first * grid.columns.stride,
    rows: { count: rows.count, stride: grid.rows.stride, block: rows.block },
    columns: { count: columns.count, stride: grid.columns.stride, block: columns.block },
    facets: { count: facets.count, stride: facets.count === 1 ? 0 : grid.facets.stride },
  };
}

/** The multi-index of a cell of the large facet. */
export function elementOfCell(slice: SliceView, { row, column }: CellAt): number[] {
  return elementAt(slice, { row, column, facet: largeFacet(slice) });
}

/** Where an element is drawn; −1 where it is not. Of an axis that is not drawn there is one row, or one column. */
export function cellOfElement(slice: SliceView, element: readonly number[]): CellAt {
  const along = (role: 'rows' | 'columns'): number => {
    const axis = axisOf(slice, role);
    const drawn = slice.axes[axis];
    return drawn ? indexOfPosition(drawn.range, element[axis] ?? 0) : 0;
  };
  return { row: along('rows'), column: along('columns') };
}

/**
 * What the i-th position is called of the axis that is drawn so; empty where there is none.
 * @param between the axis and the position
 */
export function positionName(
  slice: SliceView,
  axisNames: readonly string[],
  role: Exclude<AxisRole, 'fixed'>,
  i: number,
  between = ' ',
): string {
  const axis = axisOf(slice, role);
  const drawn = slice.axes[axis];
  return drawn ? `${axisNames[axis] ?? axis}${between}${positionAt(drawn.range, i)}` : '';
}

function largeFacet(slice: SliceView): number {
  return slice.axes[axisOf(slice, 'facets')]?.at ?? 0;
}

function facetOffset({ offset, facets }: CellGrid, facet: number): number {
  return offset + facet * facets.stride;
}
