import type { ParameterName } from '../core/batchnorm/layer';
import type { Result, Severity } from '../core/problem';

/** What the page of several checkpoints of one run shows. */
export interface SeriesState {
  readonly title: string;
  /** Where they are, for a person. */
  readonly place: string;
  /** How far reading is; null when it has ended. */
  readonly reading: SeriesProgress | null;
  /** What the order was taken from, and what was left out; sentences. */
  readonly notes: readonly string[];
  readonly verdict: SeriesVerdict | null;
  /** Those that are drawn, the first of the run first; then the others. */
  readonly members: readonly SeriesMember[];
  /** `step` or `checkpoint`. */
  readonly xLabel: string;
  /** Where the members that are drawn stand on that axis. */
  readonly x: readonly number[];
  /** The one that went bad first first. */
  readonly layers: readonly SeriesLayer[];
  /** Layers beyond those. */
  readonly more: number;
  /** Another number whenever lines may be others. */
  readonly revision: number;
  /** What brings the page back after a reload; goes under `restore` of the page's state. */
  readonly restore: SeriesOrigin;
}

/** Where the checkpoints of a series come from. Addresses. */
export type SeriesOrigin =
  | { readonly kind: 'folder'; readonly uri: string }
  | { readonly kind: 'files'; readonly uris: readonly string[] }
  /** From the folders of the workspace on. */
  | { readonly kind: 'glob'; readonly pattern: string };

export interface SeriesProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** What went bad first, in a sentence. */
export interface SeriesVerdict {
  readonly severity: Severity | 'healthy';
  readonly text: string;
}

export interface SeriesMember {
  readonly name: string;
  /** `step 300`, or when it was written. */
  readonly at: string;
  /** Why it is not drawn, as a sentence; empty where it is. */
  readonly problem: string;
  /** Layers that have an error or a warning in it; 0 where it is not drawn. */
  readonly bad: number;
}

export interface SeriesLayer {
  readonly name: string;
  readonly channels: number;
  readonly worst: Severity | 'healthy';
  /** What is wrong with it, the earliest first. */
  readonly onsets: readonly SeriesOnset[];
  /** What could not be said of it, in sentences. */
  readonly notes: readonly string[];
}

export interface SeriesOnset {
  readonly id: string;
  readonly severity: Severity;
  /** Index of the checkpoint that has it first. */
  readonly member: number;
  /** Whether the last checkpoint still has it. */
  readonly lasts: boolean;
  /** `from step 300 on`; `from step 300 to step 500`. */
  readonly when: string;
  readonly message: string;
  readonly fix: string;
}

export interface SeriesLinesRequest {
  /** Names. */
  readonly layers: readonly string[];
}

/** A layer over its series: one number a checkpoint that is drawn, NaN where it has none. */
export interface SeriesLines {
  readonly layer: string;
  /** The channel that the foremost finding names; null where it names none. */
  readonly channel: number | null;
  readonly parameters: readonly ParameterLines[];
  /** By checkpoint: ids of findings that are errors or warnings. */
  readonly found: readonly (readonly string[])[];
}

export interface ParameterLines {
  readonly parameter: ParameterName;
  readonly least: Float64Array;
  readonly median: Float64Array;
  readonly greatest: Float64Array;
  /** Of the channel; empty where there is none. */
  readonly channel: Float64Array;
  /** Channels that are NaN or infinite, which are in none of the others. */
  readonly nonFinite: Float64Array;
}

export type SeriesAction =
  | { readonly kind: 'readAgain' }
  /** Stops reading: what was read until then is shown. */
  | { readonly kind: 'stop' }
  /** Opens the page of a checkpoint. */
  | { readonly kind: 'openMember'; readonly member: number };

/** What the host offers to the page. */
export interface SeriesHostApi {
  ready(argument: { readonly version: number }): Promise<Result<SeriesState>>;
  lines(request: SeriesLinesRequest): Promise<Result<readonly SeriesLines[]>>;
  act(action: SeriesAction): Promise<Result<null>>;
}

/** What the page offers to the host. */
export interface SeriesViewApi {
  show(state: SeriesState): Promise<Result<null>>;
}
