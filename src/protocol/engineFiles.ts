import type { CheckpointFacts } from '../core/batchnorm/diagnose/finding';
import type { IncompleteLayer } from '../core/batchnorm/incompleteLayers';
import type { FoundLayer } from '../core/batchnorm/findLayers';
import type { Statement } from '../core/batchnorm/statement';
import type { Result } from '../core/problem';
import type { Shape } from '../core/tensor/shape';
import type { TensorHandle } from '../core/tensor/tensor';

/**
 * A file with tensors in it. Requests name the file each time: the engine keeps those it read last open, and
 * notices when one has changed.
 */
export type TensorFile =
  /** On this machine: read by ranges. */
  | { readonly kind: 'file'; readonly path: string }
  /** In a virtual file system: the engine asks the host for its bytes, once a revision. */
  | {
      readonly kind: 'virtual';
      readonly uri: string;
      /** Without folders: formats are told apart by it too. */
      readonly name: string;
      /** Another one whenever the content is: time and size. */
      readonly revision: string;
    };

/** A request about a file, which may take long. */
export interface FileRequest {
  readonly file: TensorFile;
  /** Of `EngineClient.watchProgress`, to be told how far it is; absent is not to be told. */
  readonly progress?: number;
}

/** A tensor as the file lists it. */
export interface CatalogEntry {
  readonly name: string;
  readonly shape: Shape;
  /** As stored, in numpy's words. */
  readonly dtype: string;
  /** Bytes of its values, uncompressed. */
  readonly bytes: number;
  /** A clause that completes "cannot be read: …"; absent where it can. */
  readonly unreadable?: string;
}

/** What was read together with a file. */
export interface Beside {
  /** Paths of files beside it that it refers to (shards, external data), from its folder on. */
  readonly beside: readonly string[];
}

/** What a file holds, by name: no values. */
export interface Catalog extends Beside {
  /** For people: `PyTorch checkpoint`. */
  readonly format: string;
  /** Bytes of the file, without those beside it. */
  readonly bytes: number;
  /** In file order. Names are unique. */
  readonly entries: readonly CatalogEntry[];
  /** In file order. Names are unique; that of a file which is one layer is empty. */
  readonly layers: readonly FoundLayer[];
  /** Batch norms that cannot be made of what the file has. */
  readonly incomplete: readonly IncompleteLayer[];
  /** What a user should know of the file, in sentences. */
  readonly notes: readonly string[];
}

export interface OpenEntryRequest extends FileRequest {
  readonly entry: string;
}

export interface OpenedEntry extends Beside {
  /** Of an input, which lives in the engine until `close`. */
  readonly input: TensorHandle;
  /** What was done to read it: values rounded, complex numbers as pairs. */
  readonly notes: readonly string[];
}

export interface ReadLayerRequest extends FileRequest {
  readonly layer: string;
}

/** A layer as its file states it: `resolveLayer` makes a `BatchNormLayer` of it for an input's shape. */
export interface LayerContents extends Beside {
  readonly layer: FoundLayer;
  readonly statement: Statement;
  readonly checkpoint: CheckpointFacts;
  /** What a user should know of it, in sentences. */
  readonly notes: readonly string[];
}

/** The engine's requests about files with tensors in them. */
export interface FileRequests {
  /** Lists a file; reads no values. */
  catalog(request: FileRequest): Promise<Result<Catalog>>;
  /** Reads a whole tensor as an input. One that is not there is the problem `no-such-tensor`. */
  openEntry(request: OpenEntryRequest): Promise<Result<OpenedEntry>>;
  /** Reads a layer's parameters. One that is not there is the problem `no-such-layer`. */
  readLayer(request: ReadLayerRequest): Promise<Result<LayerContents>>;
}

export interface HostFileRequest {
  readonly uri: string;
  /** Path of another file relative to its folder, inside of it; absent is the file itself. */
  readonly sibling?: string;
}

/** How far a request is. */
export interface Progress {
  /** As the request names it. */
  readonly progress: number;
  /** Bytes read so far. */
  readonly done: number;
  /** Bytes to read; null where nobody knows. */
  readonly total: number | null;
}

/** What the host does for the engine's requests about files. */
export interface HostFileRequests {
  /** The whole content of a file of a virtual file system; the host refuses one above its limit. */
  readFile(request: HostFileRequest): Promise<Result<Uint8Array>>;
  progress(progress: Progress): Promise<Result<null>>;
}
