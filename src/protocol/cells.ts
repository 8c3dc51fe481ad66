import type { CellGrid } from '../core/tensor/cellGrid';
import type { CellReduction, CellWindow } from '../core/tensor/cells';

/** Which cells of a slice are wanted, and what they make of a block. */
export interface WantedCells {
  readonly window: CellWindow;
  readonly reduction: CellReduction;
}

/** What a page asks of one of its tensors, which it knows by a name. */
export interface SubjectCells<Subject extends string> extends WantedCells {
  readonly subject: Subject;
}

/** A whole slice of one of them. */
export interface SubjectGrid<Subject extends string> {
  readonly subject: Subject;
  readonly grid: CellGrid;
}
