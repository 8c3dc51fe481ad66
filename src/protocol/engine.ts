import type { Flags } from '../core/batchnorm/flags';
import type { ParameterVectors } from '../core/batchnorm/gradients';
import type { BatchNormLayer } from '../core/batchnorm/layer';
import type { RenormState } from '../core/batchnorm/renorm';
import type { Trace } from '../core/batchnorm/trace';
import type { Upstream } from '../core/batchnorm/upstream';
import type { Problem, Result } from '../core/problem';
import type { StreamedSummaries } from '../core/statistics/streamedSummaries';
import type { Tensor, TensorData, TensorHandle } from '../core/tensor/tensor';
import type { RunFile } from '../core/text/runFile';
import type { CellRequests } from './engineCells';
import type { CompareRequests } from './engineCompare';
import type { FileRequests, HostFileRequests } from './engineFiles';
import type { HistogramRequests } from './engineHistogram';

/** A layer as it crosses threads: its convention by id. */
export type WireLayer = Omit<BatchNormLayer, 'convention'> & { readonly convention: string };

export type EngineSource =
  /** Text of an open document. */
  (
    | {
        readonly kind: 'text';
        readonly text: string;
        /** Whether it is JSON Lines; of a file its name says. */ readonly lines?: boolean;
      }
    /** A file on this machine, read by the engine itself so that the host never holds it. */
    | { readonly kind: 'file'; readonly path: string }
  ) & {
    /** Id of the convention where the source names none; absent is the CLI's own default. */
    readonly fallback?: string;
  };

export interface Opened {
  /** The input, now living in the engine until `close`. */
  readonly input: TensorHandle;
  /** The run file without its input's data. */
  readonly file: Omit<RunFile, 'input'>;
}

export interface LocateRequest {
  readonly source: EngineSource;
  /** In UTF-16 code units. */
  readonly offset: number;
}

/** A tensor on its way into the engine, with the positions that count where it has a mask. */
export type MaskedTensor = Tensor & {
  /** An entry (0 or not) a position: the shape of the tensor without its last axis. */
  readonly mask?: Tensor;
};

export interface StepRequest {
  readonly input: number;
  readonly layer: WireLayer;
  readonly flags: Flags;
  /** How many steps over the same batch the trace spans; 1 for a preview. */
  readonly steps: number;
}

export interface Stepped {
  readonly trace: Trace;
  /** The output, living in the engine until the next step on the same input or its `close`. */
  readonly output: TensorHandle;
  readonly batchesTrackedAfter: number;
  /** Present where the layer renormalises. */
  readonly renormAfter?: RenormState;
}

/** Elements from `start` on, flat and row-major. */
export interface ElementRange {
  readonly start: number;
  readonly count: number;
}

export interface ReadRequest extends ElementRange {
  readonly tensor: number;
}

/** One step's backward pass. The layer is as it was before the step. */
export interface GradientsRequest {
  readonly input: number;
  readonly layer: WireLayer;
  readonly flags: Flags;
  readonly upstream: Upstream;
  /** The part of the input's gradient that is wanted; the whole of it is summarised in any case. */
  readonly elements: ElementRange;
}

/** What the loss would do to everything that the step computed with; nothing of it stays in the engine. */
export interface Differentiated extends ParameterVectors {
  /** Of the input's gradient, channel by channel. */
  readonly summaries: StreamedSummaries;
  /** The elements that were asked for. */
  readonly elements: Float32Array;
}

export interface PreviewRequest {
  readonly input: MaskedTensor;
  readonly layer: WireLayer;
  readonly flags: Flags;
}

export interface Previewed {
  readonly trace: Trace;
  readonly output: TensorData;
}

export interface EngineMemory {
  readonly numTensors: number;
  readonly numBytes: number;
}

/** What the engine offers, in the host's worker thread or in the CLI's own process. */
export interface EngineApi extends FileRequests, CellRequests, HistogramRequests, CompareRequests {
  /** Every problem of a run file, errors and warnings; keeps nothing. */
  check(source: EngineSource): Promise<Result<readonly Problem[]>>;
  open(source: EngineSource): Promise<Result<Opened>>;
  /** `line 3, column 14` of an offset into a source's text, for one that the host does not hold. */
  locate(request: LocateRequest): Promise<Result<string>>;
  /** Takes over a tensor that the host already has. */
  load(input: MaskedTensor): Promise<Result<TensorHandle>>;
  step(request: StepRequest): Promise<Result<Stepped>>;
  /** Elements of an input or an output. A handle that a newer step has replaced is the problem `superseded`. */
  read(request: ReadRequest): Promise<Result<TensorData>>;
  /** A step's backward pass. A newer one on the same input cancels it; steps do not. */
  gradients(request: GradientsRequest): Promise<Result<Differentiated>>;
  /** One step over a small tensor; keeps nothing. For hovers. */
  preview(request: PreviewRequest): Promise<Result<Previewed>>;
  close(tensor: number): Promise<Result<null>>;
  memory(argument: null): Promise<Result<EngineMemory>>;
}

/** What the host offers to the engine in its worker thread. */
export interface EngineHostApi extends HostFileRequests {
  /** A line for the log: an exception of a handler, with its stack. */
  log(text: string): Promise<Result<null>>;
}

/**
 * Codes of the problems that say that a tensor is gone because the engine stopped: the request that was
 * under way when it did, and later ones with handles from before. Load the source again and repeat.
 */
export const lostTensorCodes: ReadonlySet<string> = new Set(['engine-crashed', 'engine-restarted']);
