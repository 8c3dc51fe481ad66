import type { Result } from '../../core/problem';

export interface StepsSettings {
  /** Momenta to compare with the layer's, each as the weight of the old value (0.99), whatever the convention weighs. */
  readonly momenta: readonly number[];
  /** Recordings of training runs that are drawn on the same axes. */
  readonly recordings: readonly RecordingChoice[];
}

/** One layer of a recording. */
export interface RecordingChoice {
  /** Of the file. */
  readonly uri: string;
  readonly layer: string;
}

export interface StepsRequest {
  readonly settings: StepsSettings;
  readonly channel: number;
}

/** The moving statistics of one channel over the steps: taken, to come, and recorded elsewhere. */
export interface StepsReply {
  /** A few sentences: what is approached, and after how many steps. */
  readonly explanation: string;
  /** What the number called momentum is the weight of here. */
  readonly weighs: 'old' | 'new';
  /** Of the batch: its mean, and the variance that the convention remembers of it. */
  readonly batch: Statistics;
  /** The states of the history; the present is one of them. */
  readonly states: readonly StepsState[];
  /** The line through the states; NaN where it has a gap. */
  readonly path: StepsLine;
  /** The layer's own momentum first. */
  readonly approaches: readonly StepsApproach[];
  readonly recordings: readonly StepsRecording[];
}

export interface Statistics {
  readonly mean: number;
  readonly variance: number;
}

export interface StepsState extends Statistics {
  /** Where `goToState` finds it. */
  readonly index: number;
  readonly steps: number;
  /** What led to it; empty for the oldest. */
  readonly label: string;
  readonly present: boolean;
}

/** Columns of the same length. */
export interface StepsLine {
  readonly steps: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Where one momentum leads, from the present on. */
export interface StepsApproach {
  /** In the convention's meaning; null is the cumulative average. */
  readonly momentum: number | null;
  /** Whether it is the layer's own. */
  readonly own: boolean;
  readonly line: StepsLine;
  /** Steps from the present on; null where that never happens, or there is no way to go. */
  readonly halfWay: Marks;
  readonly withinOnePercent: Marks;
}

export interface Marks {
  readonly mean: number | null;
  readonly variance: number | null;
}

export interface RecordedLine {
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** What a recording has of the channel; lines are empty where it has none. */
export interface StepsRecording extends RecordingChoice {
  /** Of the file. */
  readonly name: string;
  /** What there is, what was left out and what is wrong; empty where there is nothing to say. */
  readonly note: string;
  readonly movingMean: RecordedLine;
  readonly movingVariance: RecordedLine;
  readonly batchMean: RecordedLine;
  readonly batchVariance: RecordedLine;
}

export interface StepsApi {
  steps(request: StepsRequest): Promise<Result<StepsReply>>;
}
