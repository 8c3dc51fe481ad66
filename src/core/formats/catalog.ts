import type { ParameterName } from '../batchnorm/layer';
import type { DType, TensorData } from '../tensor/tensor';
import type { Shape } from '../tensor/shape';

/** What a source holds: nothing large is read until an entry is. */
export interface TensorCatalog {
  /** Id of the format that made it. */
  readonly format: string;
  /** In file order. Names are unique. */
  readonly entries: readonly TensorEntry[];
  /** What only this format knows about batch-norm layers; see {@link LayerHint}. */
  readonly hints: readonly LayerHint[];
  /** What a user should know of the file: whole sentences ("It refers to posix.system, …"). */
  readonly notes: readonly string[];
  /** Parts of the file that could not be read, whole sentences, which `notes` have too. */
  readonly lost?: readonly string[];
  /** Frees what the reader holds apart from the source (an HDF5 file); after it nothing can be read. */
  readonly close?: () => void;
}

export interface TensorEntry {
  readonly name: string;
  /** As stored. A complex tensor's values have one more dimension, of 2: see `numbers`. */
  readonly shape: Shape;
  /** As stored, in numpy's words where it has one: `float16`, `bfloat16`, `int64`, `float8_e4m3fn`, …. */
  readonly dtype: string;
  /** Bytes of its values, uncompressed. */
  readonly bytes: number;
  readonly content: ReadableContent | UnreadableContent;
}

export interface UnreadableContent {
  readonly kind: 'unreadable';
  /** A clause that completes "cannot be read: …". */
  readonly reason: string;
}

export interface ReadableContent {
  readonly kind: 'readable';
  /** What the values are read as: float32 for all that it holds exactly, float64 for 64-bit integers. */
  readonly dtype: DType;
  /** Numbers an element has: 2 (real, imaginary) for complex ones. */
  readonly numbers: 1 | 2;
  /** Whether a range costs about what it holds; otherwise reading any part may read the whole. */
  readonly ranges: boolean;
  /** Reads all elements, or a range of them in row-major order. Failures throw `BadFile`. */
  readonly read: (request: EntryRead) => Promise<EntryValues>;
}

export interface EntryRead {
  readonly signal: AbortSignal;
  /** First element and how many; absent is all. */
  readonly range?: ElementRange;
  /** Where to put them: of the content's dtype, with `count × numbers` places. Else it is allocated. */
  readonly into?: TensorData;
}

export interface ElementRange {
  readonly start: number;
  readonly count: number;
}

export interface EntryValues {
  /** `into`, where it was given. */
  readonly data: TensorData;
  /** Integers that float64 does not hold exactly, and which were rounded. */
  readonly inexact: number;
}

/**
 * What a format knows of a layer beyond tensor names. One with `parameters` is a layer by itself (an
 * ONNX node's inputs, a position in a Keras file); one without adds what it says to the layer of this name
 * that is found by its tensors' names.
 */
export interface LayerHint {
  /** The layer's path, without a parameter's name: `features.1`. */
  readonly name: string;
  /** Set where the format knows that it is not batch norm, although its tensors are named as one. */
  readonly notBatchNorm?: string;
  /** Entry names. */
  readonly parameters?: Readonly<Partial<Record<ParameterName, string>>>;
  /** Name of the entry that counts batches. */
  readonly batchesTracked?: string;
  /** Convention id. */
  readonly convention?: string;
  readonly epsilon?: number;
  /** In the convention's meaning; null is the cumulative average. */
  readonly momentum?: number | null;
  /** May be negative. */
  readonly channelAxis?: number;
  readonly training?: boolean;
  readonly trainable?: boolean;
  /** What becomes of the moving statistics, where it is not the usual; see `BatchNormLayer`. */
  readonly tracking?: 'frozen' | 'none';
  /** What a user should know of it: "made with track_running_stats=False". */
  readonly notes?: readonly string[];
}
