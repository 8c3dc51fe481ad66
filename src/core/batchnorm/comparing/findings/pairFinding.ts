import type { Finding } from '../../diagnose/finding';
import type { ComparedPair } from '../layerPair';

/** What a rule finds. */
export interface FoundInPair extends Omit<Finding, 'id'> {
  /** What it does to this pair. */
  readonly effect?: Effect;
}

/** What a difference does to a pair: of pairs that differ alike the largest one is told. */
export interface Effect {
  /** What they are ordered by: larger is worse. */
  readonly size: number;
  /** Follows the message; it may name the layer. */
  readonly sentence: string;
  readonly evidence: Finding['evidence'];
}

/** A rule that finds one kind of difference between two layers, beyond their parameters' numbers. Pure. */
export interface PairFindingRule {
  readonly id: string;
  /** Its message calls the layers A and B, and does not name them: pairs that differ alike are said together. */
  readonly find: (pair: ComparedPair) => FoundInPair | undefined;
}

/** A number that a layer goes by, and where it is from. */
export interface StatedNumber {
  readonly value: number;
  /** " (the default of PyTorch)" where its file does not say. */
  readonly origin: string;
}

export const noChannels: readonly number[] = [];
