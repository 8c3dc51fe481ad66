import type { ChannelRatios } from '../core/batchnorm/folding/channelProducts';
import type { Result } from '../core/problem';
import type { Comparison, Tolerance } from '../core/statistics/compare';
import type { ChannelLayout } from '../core/tensor/shape';
import type { TensorHandle } from '../core/tensor/tensor';

/** Two live tensors of one shape. */
export interface CompareRequest {
  readonly a: number;
  readonly b: number;
  readonly tolerance: Tolerance;
}

/** Two live weights of one shape, seen as `[outer, output channels, inner]`. */
export interface RatiosRequest {
  readonly a: number;
  readonly b: number;
  readonly layout: ChannelLayout;
}

/** The engine's requests about two tensors. A handle that a newer step has replaced is the problem `superseded`. */
export interface CompareRequests {
  /** Shapes that differ are the problem `shapes-differ`. */
  compare(request: CompareRequest): Promise<Result<Comparison>>;
  /** By how much each output channel of B is one of A. Shapes that differ are the problem `shapes-differ`. */
  ratios(request: RatiosRequest): Promise<Result<ChannelRatios>>;
  /** A tensor of its own with the values of another, which lives until `close`: an output that the next step would replace. */
  copy(tensor: number): Promise<Result<TensorHandle>>;
}
