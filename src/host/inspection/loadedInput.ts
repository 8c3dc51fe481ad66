import type { CheckpointFacts } from '../../core/batchnorm/diagnose/finding';
import type { Statement } from '../../core/batchnorm/statement';
import type { Problem, Result } from '../../core/problem';
import type { Tensor, TensorHandle } from '../../core/tensor/tensor';
import type { EngineApi, EngineSource } from '../../protocol/engine';
import type { Client } from '../../protocol/rpc';

/** What a source holds at one moment, before the engine has taken it in. */
export interface SourceContent {
  /** A problem has its range in the text. */
  readonly body: Result<ContentBody>;
  /**
   * `line 3, column 14` of an offset into the text; undefined where the text is the engine's alone, which
   * is then asked.
   */
  readonly locate: ((offset: number) => Promise<string>) | undefined;
}

export type ContentBody =
  /** A run file, as text or as a file that the engine reads. */
  | { readonly kind: 'runFile'; readonly source: EngineSource }
  /** A literal in code or prose, already read. */
  | {
      readonly kind: 'literal';
      readonly tensor: Tensor;
      readonly name: string;
      readonly statement: Statement;
      readonly notes: readonly string[];
      /** Which positions count. */
      readonly mask?: Tensor;
    }
  /** Something that is read into the engine piece by piece: a tensor of a file, a layer and its input. */
  | { readonly kind: 'deferred'; readonly load: DeferredLoad };

export type DeferredLoad = (
  engine: Client<EngineApi>,
  signal: AbortSignal,
) => Promise<Result<LoadedInput>>;

/** An input that lives in the engine, and what its source says about the layer. */
export interface LoadedInput {
  readonly handle: TensorHandle;
  readonly name: string;
  readonly statement: Statement;
  /** What was assumed or ignored, in sentences. */
  readonly notes: readonly string[];
  /** Warnings about the source; they do not stop it from being read. */
  readonly problems: readonly Problem[];
  /** Which positions count, where the source has a mask. */
  readonly mask?: Tensor;
  /** What the layer's file says beside its numbers, where it is of one. */
  readonly checkpoint?: CheckpointFacts;
  /** Addresses of files that were read besides those that the source names: shards. */
  readonly beside?: readonly string[];
}

/** A problem as the source's own checks found it, with its place, where they did. */
export function statedProblem({ problems }: LoadedInput, problem: Problem): Problem {
  return problems.find(({ code }) => code === problem.code) ?? problem;
}
