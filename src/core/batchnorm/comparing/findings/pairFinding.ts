import type { Finding } from '../../diagnose/finding';
import type { ComparedPair } from '../layerPair';

/** A rule that finds one kind of difference between two layers, beyond their parameters' numbers. Pure. */
export interface PairFindingRule {
  readonly id: string;
  /** Its message calls the layers A and B, and does not name them: pairs that differ alike are said together. */
  readonly find: (pair: ComparedPair) => Omit<Finding, 'id'> | undefined;
}

/** A number that a layer goes by, and where it is from. */
export interface StatedNumber {
  readonly value: number;
  /** " (the default of PyTorch)" where its file does not say. */
  readonly origin: string;
}

export const noChannels: readonly number[] = [];
