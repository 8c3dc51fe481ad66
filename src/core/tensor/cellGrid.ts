import type { AxisRange } from './axisRange';
import type { Shape } from './shape';
import { axisOf, type AxisRole, type SliceView } from './sliceView';

/** A walk along one axis of a row-major tensor: `count` elements, `stride` elements apart. */
export interface Walk {
  readonly count: number;
  /** Negative runs backwards; 0 where there is one element. */
  readonly stride: number;
}

/** The elements of a slice in a row-major tensor: flat index `offset + r · rows.stride + c · columns.stride + …`. */
export interface CellGrid {
  readonly offset: number;
  readonly rows: Walk;
  readonly columns: Walk;
  readonly facets: Walk;
}

/** Elements from one position of an axis to the next, for each axis of a row-major shape. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  return strides;
}

/** Where the cells of a view are, from its first facet on. */
export function cellGrid(view: SliceView, shape: Shape): CellGrid {
  const strides = stridesOf(shape);
  const walk = (role: Exclude<AxisRole, 'fixed'>): Walk => {
    const axis = axisOf(view, role);
    const range: AxisRange | undefined = view.axes[axis]?.range;
    return range === undefined
      ? { count: 1, stride: 0 }
      : { count: range.count, stride: range.step * (strides[axis] as number) };
  };
  const empty = view.axes.some(({ range }) => range.count === 0);
  const offset = view.axes.reduce((sum, { role, range, at }, axis) => {
    const i = role === 'fixed' ? at : 0;
    return sum + (range.start + i * range.step) * (strides[axis] as number);
  }, 0);
  const grid = { offset, rows: walk('rows'), columns: walk('columns'), facets: walk('facets') };
  return empty ? { ...grid, offset: 0, rows: { count: 0, stride: 0 } } : grid;
}

/**
 * A grid in parts of at most so many cells, in the order of its cells: whole rows of one facet, or a piece of one.
 * @param most at least 1
 */
export function* gridParts(grid: CellGrid, most: number): Generator<CellGrid> {
  const { offset, rows, columns, facets } = grid;
  const width = Math.min(columns.count, most);
  const height = Math.floor(most / Math.max(1, width));
  for (let facet = 0; facet < facets.count; facet++) {
    for (let row = 0; row < rows.count; row += height) {
      for (let column = 0; column < columns.count; column += width) {
        yield {
          offset: offset + facet * facets.stride + row * rows.stride + column * columns.stride,
          rows: { count: Math.min(height, rows.count - row), stride: rows.stride },
          columns: { count: Math.min(width, columns.count - column), stride: columns.stride },
          facets: { count: 1, stride: 0 },
        };
      }
    }
  }
}

/** The multi-index of a cell, where one of the view's axes gives its row, its column and its facet. */
export function elementAt(
  view: SliceView,
  at: { readonly row: number; readonly column: number; readonly facet: number },
): number[] {
  const along: Readonly<Record<AxisRole, number | undefined>> = {
    rows: at.row,
    columns: at.column,
    facets: at.facet,
    fixed: undefined,
  };
  return view.axes.map(({ role, range, at: held }) => {
    const i = along[role] ?? held;
    return range.start + i * range.step;
  });
}
