import type { LayerRow } from '../core/batchnorm/comparing/compareLayers';
import type { PairFinding } from '../core/batchnorm/comparing/findings/registry';
import type { OutputEffect } from '../core/batchnorm/comparing/layerPair';
import type { Problem, Result } from '../core/problem';
import type { Tolerance } from '../core/statistics/compare';
import type { Closeness } from './compare';

/** Two files whose batch norms are compared, by their addresses; brings the page back after a reload. */
export interface FilesSpec {
  readonly a: string;
  readonly b: string;
  readonly tolerance: Tolerance;
}

/** What the page of two checkpoints shows. */
export type FilesState =
  | {
      readonly kind: 'loading';
      readonly what: string;
      /** Layers read, of `total`; 0 of 0 before they are counted. */
      readonly done: number;
      readonly total: number;
      readonly restore: FilesSpec;
    }
  | {
      readonly kind: 'failed';
      readonly title: string;
      readonly problem: Problem;
      readonly restore: FilesSpec;
    }
  | { readonly kind: 'ready'; readonly view: FilesView; readonly restore: FilesSpec };

export interface FilesView {
  readonly a: FileSide;
  readonly b: FileSide;
  readonly tolerance: Tolerance;
  readonly closeness: Closeness;
  /** What it comes to, in a sentence or two. */
  readonly verdict: string;
  /** Worst first. */
  readonly findings: readonly FilesFinding[];
  /** Pairs in the order of A, then what has no partner. */
  readonly rows: readonly FilesRow[];
  /** Rows beyond those. */
  readonly more: number;
  /** A newer result is being computed. */
  readonly busy: boolean;
  /** Why it is not of the files as they are now; null where it is. */
  readonly problem: Problem | null;
}

export interface FileSide {
  readonly name: string;
  /** Where it is, for a person. */
  readonly place: string;
  readonly layers: number;
}

export type FilesFinding = Omit<PairFinding, 'whatIf'>;

/** Two layers, or one without a partner. */
export interface FilesRow extends Omit<LayerRow, 'pair'> {
  /** null where they could not be compared. */
  readonly closeness: Closeness | null;
  /** The largest |a − b| of gamma, beta, moving mean and moving variance; null where neither states it. */
  readonly apart: readonly (number | null)[];
  /** The channel whose output in inference differs most, and by how much; null where none does. */
  readonly effect: OutputEffect | null;
}

export type FilesAction =
  | { readonly kind: 'setTolerance'; readonly tolerance: Tolerance }
  /** A becomes B: the tolerance is relative to B. */
  | { readonly kind: 'swap' }
  | { readonly kind: 'readAgain' }
  /** Markdown for an issue tracker. */
  | { readonly kind: 'copyReport' }
  /** Shows the two layers of a row beside each other. */
  | { readonly kind: 'openPair'; readonly row: number };

/** What the host offers to the page. */
export interface FilesHostApi {
  ready(argument: { readonly version: number }): Promise<Result<FilesState>>;
  act(action: FilesAction): Promise<Result<null>>;
}

/** What the page offers to the host. */
export interface FilesViewApi {
  show(state: FilesState): Promise<Result<null>>;
}
