import type { Result } from '../core/problem';
import type { RecordedLine } from './pictures/steps';

/** What the page of a recording shows. */
export interface RecordingState {
  /** Of the file. */
  readonly title: string;
  /** Where it is, for a person. */
  readonly place: string;
  /** Whether it has not been read yet. */
  readonly loading: boolean;
  /** How much was read: `1,200 lines of 3 layers`. */
  readonly summary: string;
  /** What is wrong: lines left out, a file that is gone; or empty. */
  readonly problems: string;
  /** In the order of their first lines, as many as are listed. */
  readonly layers: readonly RecordingLayer[];
  /** Layers beyond those. */
  readonly more: number;
  /** Whether an inspection is open, on whose axes a layer can be drawn. */
  readonly hasInspection: boolean;
  /** Another number whenever there is something new in the file. */
  readonly revision: number;
  /** What brings the page back after a reload; goes under `restore` of the page's state. */
  readonly restore: { readonly uri: string };
}

export interface RecordingLayer {
  readonly name: string;
  /** As written; empty where no line says. */
  readonly convention: string;
  readonly channels: number;
  readonly lines: number;
  readonly lastStep: number;
  /** What was left out of its series, in sentences; or empty. */
  readonly note: string;
}

export interface SeriesRequest {
  readonly layer: string;
  readonly channel: number;
}

/** One channel of one layer. Lines are empty where the recording has none. */
export interface SeriesReply extends SeriesRequest {
  readonly movingMean: RecordedLine;
  readonly movingVariance: RecordedLine;
  readonly batchMean: RecordedLine;
  readonly batchVariance: RecordedLine;
}

export type RecordingAction =
  | { readonly kind: 'openAsText' }
  | { readonly kind: 'readAgain' }
  /** On the axes of the inspection that was in front last. */
  | { readonly kind: 'addToInspection'; readonly layer: string };

/** What the host offers to the page. */
export interface RecordingHostApi {
  ready(argument: { readonly version: number }): Promise<Result<RecordingState>>;
  series(request: SeriesRequest): Promise<Result<SeriesReply>>;
  act(action: RecordingAction): Promise<Result<null>>;
}

/** What the page offers to the host. */
export interface RecordingViewApi {
  show(state: RecordingState): Promise<Result<null>>;
}
