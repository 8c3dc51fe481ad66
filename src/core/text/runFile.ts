import type { Statement } from '../batchnorm/statement';
import type { Problem, TextRange } from '../problem';
import type { Tensor } from '../tensor/tensor';

/** A key of a run file and where it and its value stand. */
export interface RunFileKey {
  /** As spelled in the file. */
  readonly name: string;
  readonly keyRange: TextRange;
  readonly valueRange: TextRange;
  /** Of an array with a number below 0: where the first of them stands. */
  readonly firstNegative?: TextRange;
}

/** What each key of a run file is for; `CLI.md` lists the accepted names. */
export type RunFileRole =
  | 'input'
  | 'shape'
  | 'gamma'
  | 'beta'
  | 'movingMean'
  | 'movingVariance'
  | 'training'
  | 'trainable'
  | 'epsilon'
  | 'momentum'
  | 'channelAxis'
  | 'convention'
  | 'batchesTracked'
  | 'center'
  | 'scale'
  | 'mask'
  | 'renorm'
  | 'renormClipping'
  | 'renormMomentum'
  | 'renormMean'
  | 'renormStddev'
  | 'movingStddev'
  | 'virtualBatchSize';

/**
 * A parsed run file (docs: CLI.md, "A run file"). Plain data: it crosses threads; the input's buffer
 * may be moved into the engine.
 */
export interface RunFile {
  /** float32. */
  readonly input: Tensor;
  /** What the input is called: its key, or `input` for a bare array. */
  readonly inputName: string;
  readonly statement: Statement;
  /** Where everything stands. A bare array has only `input`. */
  readonly keys: Readonly<
    Partial<Record<RunFileRole, RunFileKey>> & { readonly input: RunFileKey }
  >;
  /** Keys that mean nothing here; ignored, and said to be. */
  readonly unknownKeys: readonly RunFileKey[];
  /**
   * One byte a position (the input's shape without its last axis), where the file has one. Under a
   * convention without masks it is not applied, which a warning says.
   */
  readonly mask?: Tensor;
  /**
   * Most important first. A file with an error is not parsed, but for a step that the convention refuses
   * as the file stands (`single-value`, `rank-refused`, `option-refused`, `mask-shape`, `virtual-batch`): the layer is there, and other flags may do.
   */
  readonly problems: readonly Problem[];
}
