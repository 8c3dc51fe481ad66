import type { Result } from '../../core/problem';

export interface GradientsSettings {
  /** What the loss is: the sum of the outputs, or a sum with random weights. */
  readonly upstream: 'ones' | 'random';
  /** Of the random weights: a whole number from 0 to 2³² − 1. */
  readonly seed: number;
}

export interface GradientsRequest {
  readonly settings: GradientsSettings;
  /** Multi-index of the element whose own gradient is wanted. */
  readonly element: readonly number[];
  /** The channels that are in view. */
  readonly start: number;
  readonly count: number;
}

/** What a loss would do to everything that one step computed with. */
export interface GradientsReply {
  /** A sentence: how the loss reaches the input, and whether gamma and beta learn. */
  readonly explanation: string;
  /** Whether an optimiser uses the gradients of gamma and beta under these flags. */
  readonly learns: boolean;
  /** Of the element asked for: the gradient there, and the output. */
  readonly element: { readonly gradient: number; readonly output: number };
  /** The channels asked for, as many as there are: of gamma and beta … */
  readonly start: number;
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  /** … and of the input, over the channel's elements. */
  readonly mean: Float64Array;
  readonly std: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly nonFinite: Float64Array;
}

export interface GradientsApi {
  gradients(request: GradientsRequest): Promise<Result<GradientsReply>>;
}
