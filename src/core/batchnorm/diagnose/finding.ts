import type { Severity } from '../../problem';
import type { Moments } from '../../statistics/channels';
import type { Shape } from '../../tensor/shape';
import type { Flags } from '../flags';
import type { BatchNormLayer } from '../layer';
import type { Statement } from '../statement';
import type { Trace } from '../trace';
import type { WhatIf } from '../whatIf';
import type { FindingId } from './findingIds';

/** Something wrong or noteworthy about a layer, an input or a step, with its evidence. Plain data. */
export interface Finding {
  /** Stable id in kebab case: `never-updated`. Its page is `docs/findings/ID.md`. */
  readonly id: string;
  readonly severity: Severity;
  /** One sentence, with the numbers in it. */
  readonly message: string;
  /** Channels concerned, ascending; empty where it is the layer or the batch as a whole. */
  readonly channels: readonly number[];
  /** The numbers behind it, by name. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** The same for the worst of the channels, where they differ. */
  readonly table?: EvidenceTable;
  /** What to do about it. */
  readonly fix: string;
  /** The fix tried on the inspection, where it can be. */
  readonly whatIf?: WhatIf;
  /** Where the rule comes from; threads are written `pytorch#5406` (`threads.ts`). */
  readonly source: string;
}

/** Numbers a channel, the worst channel first. */
export interface EvidenceTable {
  readonly channels: readonly number[];
  readonly columns: readonly EvidenceColumn[];
}

export interface EvidenceColumn {
  /** `moving mean`, `output error`. */
  readonly label: string;
  /** One a channel of the table. */
  readonly values: readonly number[];
}

/**
 * All that is known when a layer is examined. Only the layer is always there: a rule says what more it
 * needs, and is silent without it, so that nothing is found from what is missing.
 */
export interface Known {
  /** As it is before the step. */
  readonly layer: BatchNormLayer;
  /** Rank of the input; of a layer alone, that of the inputs it is most often given. */
  readonly rank: number;
  readonly flags: Flags;
  /** What the next step over an input makes of it. */
  readonly trace?: Trace;
  /** Moments of an input; `diagnose` takes them from the trace where there is one. */
  readonly batch?: Moments;
  /** Of the input. */
  readonly shape?: Shape;
  /** What its file states, to tell a stated number from a default. */
  readonly stated?: Statement;
  /** What its checkpoint says beside the numbers. */
  readonly checkpoint?: CheckpointFacts;
  /** The same layer earlier in the same run. */
  readonly earlier?: OtherLayer;
  /** The same layer of the same step on the ranks of a distributed run, this one's first. */
  readonly ranks?: readonly OtherLayer[];
  /** How a training run moved it, from batch to batch. */
  readonly transitions?: readonly Transition[];
  /** Where a training run was first seen with moving statistics that are not finite. */
  readonly firstBad?: { readonly step: number; readonly channel: number };
}

/** What a file of trained parameters says of a layer beside them. */
export interface CheckpointFacts {
  /** Whether the layer has a count of its batches, and how many layers of the file have. */
  readonly counted: boolean;
  readonly layersCounted: number;
  readonly layers: number;
}

/** A layer of another file. */
export interface OtherLayer {
  /** What its file is called. */
  readonly label: string;
  readonly layer: BatchNormLayer;
  /** Whether its file counts batches, so that `layer.batchesTracked` is known. */
  readonly counted: boolean;
}

/** One update of the moving statistics, as a training run recorded it. */
export interface Transition {
  readonly step: number;
  /** Elements a channel. */
  readonly n: number;
  /** Biased, as everywhere. */
  readonly batch: Omit<Moments, 'n'>;
  readonly before: MovingStatistics;
  readonly after: MovingStatistics;
}

export type MovingStatistics = Omit<Moments, 'n'>;

/** What a rule can ask for beyond the layer. */
export type Need = Exclude<
  { [K in keyof Known]-?: undefined extends Known[K] ? K : never }[keyof Known],
  undefined
>;

export type KnownWith<N extends Need> = Known & Required<Pick<Known, N>>;

/** A rule that finds one kind of thing. Pure. */
export interface FindingRule {
  readonly id: FindingId;
  /** It is silent where one of these is not known. */
  readonly needs: readonly Need[];
  readonly find: (known: Known) => Finding | undefined;
}

/** @param needs what has to be known beside the layer, and then is in what `find` is given */
export function findingRule<N extends Need = never>(
  id: FindingId,
  needs: readonly N[],
  find: (known: KnownWith<N>) => Omit<Finding, 'id'> | undefined,
): FindingRule {
  const suffices = (known: Known): known is KnownWith<N> =>
    needs.every(need => known[need] !== undefined);
  return {
    id,
    needs,
    find: known => {
      const found = suffices(known) ? find(known) : undefined;
      return found && { id, ...found };
    },
  };
}
