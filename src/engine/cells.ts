import { SpreadOfCells, type CellSpread } from '../core/statistics/cellSpread';
import { gridParts, type CellGrid, type Walk } from '../core/tensor/cellGrid';
import {
  blocksOf,
  emptyCells,
  fillRow,
  type Cells,
  type CellValues,
  type CellWindow,
} from '../core/tensor/cells';
import { fail, ok, type Result } from '../core/problem';
import { mostCells, type CellsRequest } from '../protocol/engineCells';
import { cancelled, moved } from '../protocol/rpc';
import { Slices } from './slices';

/** Cells that are measured without a look at the clock: a tenth of a millisecond. */
const cellsAtOnce = 1 << 16;

/** Reads a window of a slice, row by row: others have their turn between two. */
export async function readCells(
  source: CellValues,
  { window, reduction }: CellsRequest,
  signal: AbortSignal,
): Promise<Result<Cells>> {
  const checked = checkWindow(window, source);
  if (!checked.ok) return checked;
  const cells = emptyCells(window, reduction, source);
  const done = await new Slices(signal).each(upTo(cells.facets * cells.rows), row => {
    fillRow(source, window, row, reduction, cells);
  });
  if (!done) return { ok: false, problem: cancelled };
  const buffers = [cells.values.buffer, ...(cells.odd ? [cells.odd.buffer] : [])];
  return ok(moved(cells, buffers as ArrayBuffer[]));
}

export async function measureSpread(
  source: CellValues,
  grid: CellGrid,
  signal: AbortSignal,
): Promise<Result<CellSpread>> {
  const { rows, columns } = grid;
  const whole = (walk: Walk): CellWindow['rows'] => ({ ...walk, block: 1 });
  const checked = checkInside({ ...grid, rows: whole(rows), columns: whole(columns) }, source);
  if (!checked.ok) return checked;
  const spread = new SpreadOfCells(source, grid);
  const done = await new Slices(signal).each(gridParts(grid, cellsAtOnce), part => {
    spread.add(part);
  });
  return done ? ok(spread.result()) : { ok: false, problem: cancelled };
}

function* upTo(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

function checkWindow(window: CellWindow, source: CellValues): Result<null> {
  const { rows, columns, facets } = window;
  if (!(rows.block >= 1 && columns.block >= 1)) {
    return fail('window-invalid', 'Cells stand for one element at least.');
  }
  const cells = facets.count * blocksOf(rows) * blocksOf(columns);
  if (cells > mostCells) {
    return fail(
      'window-too-large',
      `${cells} cells were asked for, and ${mostCells} is the limit.`,
    );
  }
  return checkInside(window, source);
}

/** Whether every element that the walks lead to is one of the tensor. */
function checkInside(
  { offset, rows, columns, facets }: CellWindow,
  { data, minus }: CellValues,
): Result<null> {
  const walks = [rows, columns, facets];
  const whole = walks.every(
    ({ count, stride }) => Number.isInteger(count) && count >= 0 && Number.isInteger(stride),
  );
  if (whole && walks.some(({ count }) => count === 0)) return ok(null);
  const stuck = walks.find(({ count, stride }) => count > 1 && stride === 0);
  if (whole && stuck) {
    return fail(
      'window-invalid',
      `${stuck.count} elements with stride 0 are one element ${stuck.count} times: give a stride, or a count of 1.`,
    );
  }
  const reach = walks.map(({ count, stride }) => (count - 1) * stride);
  const lowest = reach.reduce((sum, far) => sum + Math.min(0, far), offset);
  const highest = reach.reduce((sum, far) => sum + Math.max(0, far), offset);
  const size = Math.min(data.length, minus?.length ?? data.length);
  if (whole && Number.isInteger(offset) && lowest >= 0 && highest < size) return ok(null);
  return fail('window-invalid', `The slice leaves the tensor, which has ${size} elements.`);
}
