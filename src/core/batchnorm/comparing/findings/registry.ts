import { runSteps, type Steps } from '../../../steps';
import type { Finding } from '../../diagnose/finding';
import type { ComparedPair } from '../layerPair';
import { axisDiffers } from './axisDiffers';
import { conventionDiffers } from './conventionDiffers';
import { epsilonDiffers } from './epsilonDiffers';
import { epsilonInVariance } from './epsilonInVariance';
import { momentumDiffers } from './momentumDiffers';
import { parameterAbsent } from './parameterAbsent';
import type { FoundInPair, PairFindingRule } from './pairFinding';
import { statisticsScaled } from './statisticsScaled';
import { statisticsSwapped } from './statisticsSwapped';
import { varianceAsDeviation } from './varianceAsDeviation';
import { varianceRuleDiffers } from './varianceRuleDiffers';

/** Every kind of difference that is looked for beyond numbers, the gravest first. */
export const pairFindingRules: readonly PairFindingRule[] = [
  statisticsSwapped,
  statisticsScaled,
  varianceAsDeviation,
  epsilonInVariance,
  epsilonDiffers,
  axisDiffers,
  momentumDiffers,
  varianceRuleDiffers,
  parameterAbsent,
  conventionDiffers,
];

/** A finding about pairs of layers. */
export interface PairFinding extends Finding {
  /** Names of the first layers of the pairs it holds for; empty where it is about no layer. */
  readonly layers: readonly string[];
}

/** What the rules find, once for all pairs that differ alike, with the largest effect of theirs. */
export function findInPairs(pairs: readonly ComparedPair[]): PairFinding[] {
  return runSteps(findInPairsInSteps(pairs));
}

/** The same, a rule and a pair at a time. */
export function* findInPairsInSteps(pairs: readonly ComparedPair[]): Steps<PairFinding[]> {
  const all: PairFinding[] = [];
  for (const { id, find } of pairFindingRules) {
    const found = new Map<string, { finding: FoundInPair; layers: string[] }>();
    for (const pair of pairs) {
      const finding = find(pair);
      yield;
      if (!finding) continue;
      const key = JSON.stringify([finding.message, finding.channels]);
      const alike = found.get(key) ?? { finding, layers: [] };
      alike.layers.push(pair.a.name);
      const larger = (finding.effect?.size ?? 0) > (alike.finding.effect?.size ?? 0);
      found.set(key, larger ? { finding, layers: alike.layers } : alike);
    }
    all.push(
      ...[...found.values()].map(({ finding, layers }) => ({ id, ...told(finding), layers })),
    );
  }
  return all;
}

/** With its effect in the message and the evidence. */
function told({ effect, ...finding }: FoundInPair): Omit<Finding, 'id'> {
  if (!effect || effect.size === 0) return finding;
  return {
    ...finding,
    message: `${finding.message} ${effect.sentence}`,
    evidence: { ...finding.evidence, ...effect.evidence },
    table: effect.table,
  };
}
