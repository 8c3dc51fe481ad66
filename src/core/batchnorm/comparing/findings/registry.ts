import type { Finding } from '../../diagnose/finding';
import type { ComparedPair } from '../layerPair';
import { conventionDiffers } from './conventionDiffers';
import { epsilonDiffers } from './epsilonDiffers';
import { momentumDiffers } from './momentumDiffers';
import { parameterAbsent } from './parameterAbsent';
import type { PairFindingRule } from './pairFinding';

/** Every kind of difference that is looked for beyond numbers, the gravest first. */
export const pairFindingRules: readonly PairFindingRule[] = [
  epsilonDiffers,
  momentumDiffers,
  parameterAbsent,
  conventionDiffers,
];

/** A finding about pairs of layers. */
export interface PairFinding extends Finding {
  /** Names of the first layers of the pairs it holds for; empty where it is about no layer. */
  readonly layers: readonly string[];
}

/** What the rules find, once for all pairs that differ alike. */
export function findInPairs(pairs: readonly ComparedPair[]): PairFinding[] {
  return pairFindingRules.flatMap(({ id, find }) => {
    const found = new Map<string, { finding: Omit<Finding, 'id'>; layers: string[] }>();
    for (const pair of pairs) {
      const finding = find(pair);
      if (!finding) continue;
      const key = JSON.stringify([finding.message, finding.channels]);
      const alike = found.get(key) ?? { finding, layers: [] };
      alike.layers.push(pair.a.name);
      found.set(key, alike);
    }
    return [...found.values()].map(({ finding, layers }) => ({ id, ...finding, layers }));
  });
}
