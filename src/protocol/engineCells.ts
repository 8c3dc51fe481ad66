import type { CellSpread } from '../core/statistics/cellSpread';
import type { CellGrid } from '../core/tensor/cellGrid';
import type { Cells } from '../core/tensor/cells';
import type { Result } from '../core/problem';
import type { WantedCells } from './cells';

/** What cells are of: a live tensor, or what is left of it after another of its shape is subtracted. */
export interface CellSubject {
  readonly tensor: number;
  readonly minus?: number;
}

export interface CellsRequest extends WantedCells {
  readonly of: CellSubject;
}

export interface SpreadRequest {
  readonly of: CellSubject;
  readonly grid: CellGrid;
}

/** The engine's requests about slices of live tensors. A handle that a newer step has replaced is the problem `superseded`. */
export interface CellRequests {
  /** At most `mostCells` at once. */
  cells(request: CellsRequest): Promise<Result<Cells>>;
  /** Passes over the whole slice. */
  spread(request: SpreadRequest): Promise<Result<CellSpread>>;
}

/** Cells that one reply carries at most: 16 MB. */
export const mostCells = 1 << 22;
