import type { Finding } from '../core/batchnorm/diagnose/finding';
import type { FixEffect } from '../core/batchnorm/fixEffect';
import type { Verdict, WorkedFormula } from '../core/batchnorm/explain';
import type { Flags } from '../core/batchnorm/flags';
import type { ParameterName } from '../core/batchnorm/layer';
import type { ChannelQuery, ChannelRows } from '../core/batchnorm/channelTable';
import type { ConventionChoice, MatrixView } from '../core/batchnorm/matrix';
import type { Problem, Result } from '../core/problem';
import type { DType } from '../core/tensor/tensor';
import type { Shape } from '../core/tensor/shape';
import type { Drawing } from './drawing';
import type { PictureAction, PicturesHostApi, PicturesView } from './pictures';

/** Everything the panel shows, sent whole whenever it changes; rows beyond the window come by `rows`. */
export type PanelState =
  | { readonly kind: 'empty' }
  /** Can be cancelled. */
  | { readonly kind: 'loading'; readonly what: string }
  /** Nothing could be shown yet. */
  | {
      readonly kind: 'failed';
      readonly title: string;
      readonly problem: Problem;
      readonly place: string;
      /** Absent where there is no inspection, which could be read again. */
      readonly restore?: RestoreState;
    }
  | { readonly kind: 'ready'; readonly view: InspectionView; readonly restore: RestoreState };

/**
 * Plain JSON that the host needs to open the panel again after a reload. The page puts it, unread,
 * under `restore` of the state that the serializer gets (`{ restore, … }`).
 */
export type RestoreState = unknown;

export interface InspectionView {
  readonly identity: Identity;
  readonly flags: FlagsView;
  readonly verdict: Verdict;
  readonly formula: WorkedFormula;
  readonly matrix: MatrixView;
  readonly channels: ChannelsView;
  readonly pictures: PicturesView;
  readonly findings: readonly ShownFinding[];
  /** The fix that led to what is shown, or null. */
  readonly fixed: FixedView | null;
  /** Something broke since the last good result, which stays on screen: what, and where. */
  readonly banner: Banner | null;
  /** A newer result is being computed. */
  readonly busy: boolean;
}

/** A finding without the numbers of its fix, of which the page has no use. */
export interface ShownFinding extends Omit<Finding, 'whatIf'> {
  /** What "Fix it here" would set (`epsilon 1e-5`); empty where the fix is for the code or the data alone. */
  readonly fixHere: string;
}

/** A fix that was applied to the inspection, and what it did to it. */
export interface FixedView {
  /** Id of the finding. */
  readonly finding: string;
  /** What it set: `epsilon 1e-5`. */
  readonly fix: string;
  /** Whether the finding is there no longer. */
  readonly mended: boolean;
  readonly effect: FixEffect;
}

export interface Banner {
  readonly problem: Problem;
  /** `line 3, column 14`, or empty. */
  readonly place: string;
  /** What is on screen instead: `the last good result stays below`. */
  readonly instead: string;
  /** Whether reading the source again may help. */
  readonly again: boolean;
}

export interface Identity {
  readonly title: string;
  /** Where the tensor came from, as a path or a document name; a click reveals it. */
  readonly source: string;
  /** Where the input of a layer of a file comes from; empty for inputs that come with their layer. */
  readonly layerInput: string;
  readonly shape: Shape;
  readonly axisNames: readonly string[];
  readonly dtype: DType;
  /** Elements a channel that its statistics are of: the fewest, and the most where a mask leaves them unequal. */
  readonly n: number;
  readonly mostN: number;
  readonly convention: ConventionChoice;
  readonly conventions: readonly ConventionChoice[];
  /** `not fused` where the convention's other kernel is taken, else empty. */
  readonly path: string;
  readonly channelAxis: number;
  readonly axes: readonly AxisChoice[];
  /** Why another axis would fit as well, or empty. */
  readonly ambiguous: string;
  /** What was assumed: defaults used, keys ignored. */
  readonly notes: readonly string[];
}

export interface AxisChoice {
  readonly axis: number;
  readonly name: string;
  readonly size: number;
  /** Whether the stated parameters have this length. */
  readonly fits: boolean;
}

export interface FlagsView {
  readonly flags: Flags;
  readonly flagNames: { readonly training: string; readonly trainable: string };
  readonly epsilon: number;
  /** As the kernel used it, where that differs. */
  readonly epsilonUsed: number;
  /** null is the cumulative average. */
  readonly momentum: number | null;
  /** `0.99 here is 0.01 in PyTorch`. */
  readonly momentumElsewhere: string;
  /** Whether the convention knows a cumulative average, which is momentum null. */
  readonly allowsCumulative: boolean;
  /** Committed steps. */
  readonly steps: number;
  /** What Undo would take back (`step 3`, `gamma of channel 2`), or empty. */
  readonly undo: string;
  /** What Redo would bring back, or empty. */
  readonly redo: string;
  /** Whether Reset would change anything. */
  readonly changed: boolean;
  /** Parameters edited (what-if) since the source was read. */
  readonly edited: readonly string[];
}

export interface ChannelsView {
  readonly query: ChannelQuery;
  /** What the filter could not make sense of, or empty. */
  readonly filterProblem: string;
  /** Channels of the layer. */
  readonly total: number;
  /** Channels that pass the filter: the rows of the grid. */
  readonly matching: number;
  readonly selected: number;
  /** Where the selected channel stands among the rows of the grid; −1 where the filter hides it. */
  readonly selectedRow: number;
  /** The window last asked for. */
  readonly rows: ChannelRows;
}

/** Everything a person can do in the panel; each is a command as well. */
export type PanelAction =
  | { readonly kind: 'setFlags'; readonly flags: Flags }
  | { readonly kind: 'setConvention'; readonly id: string }
  | { readonly kind: 'setChannelAxis'; readonly axis: number }
  | { readonly kind: 'setEpsilon'; readonly value: number }
  | { readonly kind: 'setMomentum'; readonly value: number | null }
  /** `channel` null sets all channels. */
  | {
      readonly kind: 'setParameter';
      readonly parameter: ParameterName;
      readonly channel: number | null;
      readonly value: number;
    }
  /** Applies the fix of a finding on screen as a what-if. */
  | { readonly kind: 'fixHere'; readonly finding: string }
  | { readonly kind: 'step'; readonly count: number }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  /** To one of `historyPoints`. */
  | { readonly kind: 'goToState'; readonly index: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'selectChannel'; readonly channel: number }
  | { readonly kind: 'selectElement'; readonly index: readonly number[] }
  | { readonly kind: 'showAllConventions'; readonly on: boolean }
  | { readonly kind: 'query'; readonly query: ChannelQuery }
  | PictureAction
  | { readonly kind: 'revealSource' }
  | { readonly kind: 'readAgain' }
  | { readonly kind: 'cancelReading' }
  | { readonly kind: 'command'; readonly command: PanelCommand }
  /** Files that were dropped on the page. Empty where the browser told none of their addresses. */
  | { readonly kind: 'drop'; readonly addresses: readonly string[] };

/** Commands that the panel offers as buttons; the host maps them to VS Code commands. */
export type PanelCommand =
  | 'openSample'
  | 'inspectFile'
  | 'chooseInput'
  | 'addRecording'
  | 'compareFix'
  | 'copyResults'
  | 'saveInspection'
  | 'copySlice'
  | 'exportSlice'
  | 'exportPicture'
  | 'exportChannels'
  | 'copyLink'
  | 'liftDebugLimits'
  | 'showLog';

export interface RowsRequest {
  readonly start: number;
  readonly count: number;
}

/** What the host offers to the panel. */
export interface PanelHostApi extends PicturesHostApi {
  /** First call after the page has loaded; the host answers with the state. */
  ready(argument: { readonly version: number }): Promise<Result<PanelState>>;
  /** The reply is a problem when the action could not be done (bad number, refused); the state follows by `show`. */
  act(action: PanelAction): Promise<Result<null>>;
  rows(request: RowsRequest): Promise<Result<ChannelRows>>;
}

/** What the panel offers to the host. */
export interface PanelViewApi {
  show(state: PanelState): Promise<Result<null>>;
  /** The picture on screen, as a file. */
  drawing(argument: null): Promise<Result<Drawing>>;
}
