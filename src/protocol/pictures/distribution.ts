import type { RangeKind } from '../../core/batchnorm/histogramRange';
import type { HistogramCounts } from '../../core/statistics/histogram';
import type { Result } from '../../core/problem';

export const binChoices = [16, 32, 64, 128] as const;

export interface DistributionSettings {
  /** The selected channel's values, or all. */
  readonly scope: 'channel' | 'tensor';
  readonly bins: (typeof binChoices)[number];
  readonly range: RangeKind;
  readonly counts: 'linear' | 'log';
}

export interface DistributionRequest {
  readonly scope: DistributionSettings['scope'];
  readonly bins: number;
  readonly range: RangeKind;
  readonly channel: number;
}

/** A mean and what lies one standard deviation around it. */
export interface DistributionMark {
  readonly kind: 'batch' | 'moving' | 'output';
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
}

/** Input and output in the same bins. */
export interface DistributionReply {
  readonly low: number;
  readonly high: number;
  readonly bins: number;
  readonly input: HistogramCounts;
  readonly output: HistogramCounts;
  /** Of one channel; empty for a whole tensor. */
  readonly marks: readonly DistributionMark[];
  /** Whether every position counts here although a mask leaves some out of the statistics. */
  readonly masked: boolean;
}

export interface DistributionApi {
  distribution(request: DistributionRequest): Promise<Result<DistributionReply>>;
}
