import type { Severity } from '../../problem';
import type { Shape } from '../../tensor/shape';
import type { Flags } from '../flags';
import type { BatchNormLayer } from '../layer';
import type { Trace } from '../trace';

/** Something wrong or noteworthy about a layer, an input or a step, with its evidence. */
export interface Finding {
  /** Stable id in kebab case: `never-updated`. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence, with the numbers in it. */
  readonly message: string;
  /** Channels concerned, ascending; empty where it is the layer or the batch as a whole. */
  readonly channels: readonly number[];
  /** The numbers behind it, by name. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** What to do about it. */
  readonly fix: string;
  /** Where the rule comes from. */
  readonly source: string;
}

/** What is examined: a layer, and what the next step over an input makes of it. */
export interface Subject {
  /** As it is before the step. */
  readonly layer: BatchNormLayer;
  /** null where there is no input to step over. */
  readonly trace: Trace | null;
  /** Rank of the input. */
  readonly rank: number;
  /** Of the input; absent where the caller does not know it, so that no place in it can be named. */
  readonly shape?: Shape;
  readonly flags: Flags;
}

/** A rule that finds one kind of thing. Pure. */
export interface FindingRule {
  readonly id: string;
  readonly find: (subject: Subject) => Finding | undefined;
}
