import type { CellReduction, Cells } from '../../src/core/tensor/cells';
import type { Result } from '../../src/core/problem';
import type { Span } from './viewport';

/** Which cells are asked for: spans of rows and columns of what is drawn. */
export interface AskedCells {
  readonly rows: Span;
  readonly columns: Span;
  readonly reduction: CellReduction;
}

/** What a heatmap draws: so many rows by so many columns, of which it asks for those in view. */
export interface HeatmapSource {
  /** Another one whenever the cells are others: what was drawn before is then out of date. */
  readonly key: string;
  /** For screen readers: `input x[0, :, :, 3]`. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** `H 12`, of the i-th row; empty where there is one row because no axis is drawn downwards. */
  rowName(row: number): string;
  columnName(column: number): string;
  /** One facet's cells. */
  fetch(asked: AskedCells, signal: AbortSignal): Promise<Result<Cells>>;
}
