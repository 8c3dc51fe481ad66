import type { PairFinding } from '../core/batchnorm/comparing/findings/registry';
import type { PairedBy } from '../core/batchnorm/pairLayers';
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
}

export interface FileSide {
  readonly name: string;
  /** Where it is, for a person. */
  readonly place: string;
  readonly layers: number;
}

export type FilesFinding = Omit<PairFinding, 'whatIf'>;

/** Two layers, or one without a partner. */
export interface FilesRow {
  /** null where B's has no partner. */
  readonly a: string | null;
  readonly b: string | null;
  readonly channels: number;
  readonly pairedBy: PairedBy | null;
  /** Why another may be meant; null where nothing speaks for another. */
  readonly doubt: string | null;
  /** The weight of the other file that a layer without a partner is folded into; null where it is in none. */
  readonly foldedInto: string | null;
  /** null where they could not be compared. */
  readonly closeness: Closeness | null;
  /** The largest |a − b| of gamma, beta, moving mean and moving variance; null where neither states it. */
  readonly apart: readonly (number | null)[];
  /** The channel whose output in inference differs most, and by how much; null where none does. */
  readonly effect: { readonly channel: number; readonly size: number } | null;
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
