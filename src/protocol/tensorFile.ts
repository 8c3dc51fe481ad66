import type { IncompleteLayer } from '../core/batchnorm/incompleteLayers';
import type { ParameterName } from '../core/batchnorm/layer';
import type { Problem, Result, Severity } from '../core/problem';
import type { Shape } from '../core/tensor/shape';

/** A tensor as a file lists it. */
export interface ListedTensor {
  readonly name: string;
  readonly shape: Shape;
  /** As stored, in numpy's words. */
  readonly dtype: string;
  /** Of its values, uncompressed. */
  readonly bytes: number;
  /** A clause that completes “cannot be read: …”; absent where it can. */
  readonly unreadable?: string;
}

/** A batch-norm layer that was found among the tensors of a file. */
export interface ListedLayer {
  readonly name: string;
  readonly channels: number;
  /** For people: `PyTorch`. Empty where nothing tells. */
  readonly convention: string;
  /** Names of tensors. */
  readonly parameters: Readonly<Partial<Record<ParameterName, string>>>;
  /** What the file states beyond the tensors: `epsilon 0.001`. */
  readonly stated: readonly string[];
  /** What a user should know of it, in sentences. */
  readonly notes: readonly string[];
  /** Why it is no layer that could be inspected; absent where it is one. */
  readonly incomplete?: Pick<IncompleteLayer, 'reason' | 'evidence'>;
}

/** Everything that a file holds, by name alone: no values. */
export interface FileListing {
  /** Counts the times the file was read; what refers to rows says which listing it means. */
  readonly version: number;
  readonly tensors: readonly ListedTensor[];
  readonly layers: readonly ListedLayer[];
}

/** What a layer's own parameters say about it, before any input. */
export interface LayerHealth {
  /** Index into the listing's layers. */
  readonly layer: number;
  /** `unread` where its parameters could not be read. */
  readonly worst: Severity | 'healthy' | 'unread';
  /** Sentences, worst first. */
  readonly findings: readonly LayerFinding[];
}

export interface LayerFinding {
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
}

/** What the page of a tensor file shows. The listing itself is asked for when its version is another. */
export type FileState =
  | { readonly kind: 'loading'; readonly what: string }
  | { readonly kind: 'failed'; readonly title: string; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly view: FileView };

export interface FileView {
  readonly title: string;
  /** Folder or path, for a person. */
  readonly source: string;
  /** `PyTorch checkpoint`. */
  readonly format: string;
  /** Bytes of the file. */
  readonly bytes: number;
  readonly listing: number;
  readonly tensors: number;
  readonly layers: number;
  /** What a user should know of the file, in sentences. */
  readonly notes: readonly string[];
  /** Why the view is not that of the file as it is now, or null. */
  readonly banner: FileBanner | null;
  /** What the latest change of the file changed, in sentences; empty where it did not change. */
  readonly changes: readonly string[];
  readonly health: HealthProgress;
}

export interface FileBanner {
  /** `writing`: caught half-written, and tried again by itself. */
  readonly kind: 'writing' | 'broken';
  readonly problem: Problem;
}

export interface HealthProgress {
  /** Layers whose parameters have been looked at. */
  readonly checked: number;
  readonly running: boolean;
}

export interface HealthUpdate {
  readonly listing: number;
  readonly layers: readonly LayerHealth[];
}

/** A row of the tree, by what it stands for. */
export interface FileItem {
  readonly kind: 'layer' | 'tensor';
  readonly name: string;
}

/** Everything a person can do in the page; each is a command as well. */
export type FileAction =
  /** A layer is explored over an input generated from its moving statistics, a tensor as an input. */
  | { readonly kind: 'inspect'; readonly item: FileItem }
  | { readonly kind: 'chooseInput'; readonly item: FileItem }
  | { readonly kind: 'copy'; readonly item: FileItem; readonly what: 'name' | 'shape' }
  /** Which row commands mean from now on; null is none. */
  | { readonly kind: 'select'; readonly item: FileItem | null }
  | { readonly kind: 'revealFile' }
  | { readonly kind: 'checkHealth'; readonly on: boolean }
  | { readonly kind: 'reload' }
  | { readonly kind: 'openAsText' }
  /** Files that were dropped on the page. Empty where the browser told none of their addresses. */
  | { readonly kind: 'drop'; readonly addresses: readonly string[] };

/** What the host offers to the page of a tensor file. */
export interface FileHostApi {
  /** First call after the page has loaded. */
  ready(argument: { readonly version: number }): Promise<Result<FileState>>;
  listing(argument: null): Promise<Result<FileListing>>;
  /** Everything known of the layers' health so far. */
  health(argument: null): Promise<Result<HealthUpdate>>;
  act(action: FileAction): Promise<Result<null>>;
}

/** What the page offers to the host. */
export interface FileViewApi {
  show(state: FileState): Promise<Result<null>>;
  /** Layers that were looked at since the last update. */
  health(update: HealthUpdate): Promise<Result<null>>;
  /** Makes a row the active one, in whatever group it is. */
  reveal(item: FileItem): Promise<Result<null>>;
}
