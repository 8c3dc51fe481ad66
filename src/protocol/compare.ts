import type { Finding } from '../core/batchnorm/diagnose/finding';
import type { Problem, Result } from '../core/problem';
import type { CellSpread } from '../core/statistics/cellSpread';
import type { Tolerance } from '../core/statistics/compare';
import type { Cells } from '../core/tensor/cells';
import type { Shape } from '../core/tensor/shape';
import type { SubjectCells, SubjectGrid } from './cells';
import type { RestoreState } from './panel';

/** What a page that compares shows. `restore` is for the host, to open it again after a reload. */
export type CompareState =
  | { readonly kind: 'loading'; readonly what: string; readonly restore: RestoreState }
  | {
      readonly kind: 'failed';
      readonly title: string;
      readonly problem: Problem;
      readonly restore: RestoreState;
    }
  | { readonly kind: 'ready'; readonly view: CompareView; readonly restore: RestoreState };

export interface CompareView {
  readonly a: SideView;
  readonly b: SideView;
  readonly tolerance: Tolerance;
  /** null where the sides have no tensors, or they cannot be compared. */
  readonly tensors: TensorsView | null;
  /** Why there are no tensors beside each other. */
  readonly tensorProblem: Problem | null;
  readonly layers: LayersView | null;
  readonly layerProblem: Problem | null;
  /** Changes with what the tensors or the parameters hold, and not with the tolerance. */
  readonly revision: number;
  /** A newer result is being computed. */
  readonly busy: boolean;
}

export interface SideView {
  /** `bn1 · model.pt`. */
  readonly title: string;
  /** Which tensor of it, under which rules: `output, training on, PyTorch`. */
  readonly detail: string;
  /** Where it is read from, for a person. */
  readonly source: string;
  readonly notes: readonly string[];
}

export type Closeness = 'equal' | 'within' | 'out';

/** What a comparison comes to. */
export interface Outcome {
  readonly closeness: Closeness;
  /** One sentence or two. */
  readonly verdict: string;
  readonly figures: readonly (readonly [label: string, value: string])[];
}

export interface TensorsView extends Outcome {
  readonly shape: Shape;
  readonly axisNames: readonly string[];
  /** −1 where none is. */
  readonly channelAxis: number;
  /** By ULP distance, from 0 to the last bucket that has pairs. */
  readonly ulps: readonly { readonly label: string; readonly pairs: number }[];
  /** The furthest apart first. */
  readonly worst: readonly {
    readonly index: readonly number[];
    readonly a: number;
    readonly b: number;
  }[];
}

export interface LayersView extends Outcome {
  readonly channels: number;
  /** Of the parameters that one of the layers states. */
  readonly parameters: readonly {
    readonly label: string;
    readonly closeness: Closeness;
    readonly maxAbs: number;
  }[];
  readonly findings: readonly Omit<Finding, 'whatIf'>[];
}

export type CompareSubject = 'a' | 'b' | 'difference';

export type CompareCellsRequest = SubjectCells<CompareSubject>;

export type CompareSpreadRequest = SubjectGrid<CompareSubject>;

/** Channels of two layers, those that differ most first. */
export interface ChannelPairs {
  readonly start: number;
  readonly channels: Float64Array;
  /** For each channel gamma, beta, moving mean and moving variance, each of A and of B: eight numbers. */
  readonly values: Float64Array;
}

export type CompareAction =
  | { readonly kind: 'setTolerance'; readonly tolerance: Tolerance }
  /** A becomes B: the tolerance is relative to B. */
  | { readonly kind: 'swap' }
  | { readonly kind: 'readAgain' };

/** What the host offers to the page. */
export interface CompareHostApi {
  ready(argument: { readonly version: number }): Promise<Result<CompareState>>;
  act(action: CompareAction): Promise<Result<null>>;
  cells(request: CompareCellsRequest): Promise<Result<Cells>>;
  spread(request: CompareSpreadRequest): Promise<Result<CellSpread>>;
  channels(request: {
    readonly start: number;
    readonly count: number;
  }): Promise<Result<ChannelPairs>>;
}

/** What the page offers to the host. */
export interface CompareViewApi {
  show(state: CompareState): Promise<Result<null>>;
}
