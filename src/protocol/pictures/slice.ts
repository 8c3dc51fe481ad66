import type { CellSpread } from '../../core/statistics/cellSpread';
import type { Cells } from '../../core/tensor/cells';
import type { Result } from '../../core/problem';
import type { AxisRole, SliceView } from '../../core/tensor/sliceView';
import type { SubjectCells, SubjectGrid } from '../cells';

/** A tensor of an inspection, or the output less the input. */
export type SliceSubject = 'input' | 'output' | 'difference';

/** What is drawn: one of them, or the input and the output beside each other. */
export type SliceChoice = SliceSubject | 'both';

export const sliceChoices: readonly SliceChoice[] = ['input', 'output', 'both', 'difference'];

/** For controls and menus. */
export const sliceChoiceNames: Readonly<Record<SliceChoice, string>> = {
  input: 'input',
  output: 'output',
  both: 'input and output',
  difference: 'output − input',
};

/** How numbers are spread over colours. `robust` is linear between the 1st and the 99th percentile. */
export type ScaleKind = 'linear' | 'symlog' | 'robust';

export const scaleKinds: readonly ScaleKind[] = ['linear', 'symlog', 'robust'];

export const scaleNames: Readonly<Record<ScaleKind, string>> = {
  linear: 'linear',
  symlog: 'symmetric log',
  robust: 'robust, 1 to 99 %',
};

export const axisRoleNames: Readonly<Record<AxisRole, string>> = {
  rows: 'rows',
  columns: 'columns',
  facets: 'small pictures',
  fixed: 'one position',
};

export interface SliceSettings {
  readonly subject: SliceChoice;
  /** null until a person has chosen one: one image of the selected channel. */
  readonly view: SliceView | null;
  /** Of the page's list; `auto` takes one by the values. */
  readonly colormap: string;
  readonly scale: ScaleKind;
  /** Whether input and output have one scale. */
  readonly sharedScale: boolean;
}

export type SliceCellsRequest = SubjectCells<SliceSubject>;

export type SliceSpreadRequest = SubjectGrid<SliceSubject>;

export interface SliceApi {
  sliceCells(request: SliceCellsRequest): Promise<Result<Cells>>;
  sliceSpread(request: SliceSpreadRequest): Promise<Result<CellSpread>>;
}
