import type { ChannelSummaries, Moments } from '../statistics/channels';

/** Which statistics normalised. */
export type NormalizedWith = 'batch' | 'moving';

/**
 * What one or more steps did, channel by channel: everything the panel, the hover, the CLI and the
 * tools show. Every array has one entry a channel.
 */
export interface Trace {
  readonly channels: number;
  readonly normalizedWith: NormalizedWith;
  /** Whether the moving statistics took the batch in. Where false, After equals Before exactly. */
  readonly updated: boolean;
  /** Epsilon as the kernel used it: the stated one, or its floor. */
  readonly epsilon: number;
  /** Steps between Before and After: the same batch taken in this many times. */
  readonly steps: number;
  /** n, batch mean and biased batch variance of the input. */
  readonly batch: Moments;
  /** Flat index of each channel's first NaN or infinity in the input, or −1; absent where nobody looked. */
  readonly firstNonFinite?: Float64Array;
  readonly movingMeanBefore: Float64Array;
  readonly movingMeanAfter: Float64Array;
  readonly movingVarianceBefore: Float64Array;
  readonly movingVarianceAfter: Float64Array;
  readonly output: ChannelSummaries;
}
