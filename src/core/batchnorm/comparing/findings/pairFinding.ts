import type { EvidenceTable, Finding } from '../../diagnose/finding';
import type { ComparedPair } from '../layerPair';

/** What a rule finds. */
export interface FoundInPair extends Omit<Finding, 'id'> {
  /** What it does to this pair; undefined where it changes no output. */
  readonly effect?: Effect | undefined;
}

/** What a difference does to a pair: of pairs that differ alike the largest one is told. */
export interface Effect {
  /** What they are ordered by: larger is worse. */
  readonly size: number;
  /** Follows the message; it may name the layer. */
  readonly sentence: string;
  readonly evidence: Finding['evidence'];
  /** The worst channels. */
  readonly table: EvidenceTable;
}

/** A rule that finds one kind of difference between two layers, beyond their parameters' numbers. Pure. */
export interface PairFindingRule {
  readonly id: string;
  /** Its message calls the layers A and B, and does not name them: pairs that differ alike are said together. */
  readonly find: (pair: ComparedPair) => FoundInPair | undefined;
}

export const noChannels: readonly number[] = [];
