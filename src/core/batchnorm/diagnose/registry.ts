import type { Severity } from '../../problem';
import { coarseInput } from './coarseInput';
import { constantChannel } from './constantChannel';
import { driftedStatistics } from './driftedStatistics';
import { fewValues } from './fewValues';
import type { Finding, FindingRule, Subject } from './finding';
import { lostDigits } from './lostDigits';
import { negativeVariance } from './negativeVariance';
import { neverUpdated } from './neverUpdated';
import { nonFiniteInput } from './nonFiniteInput';
import { nonFiniteOutput } from './nonFiniteOutput';
import { nonFiniteParameters } from './nonFiniteParameters';
import { nonFiniteStatistics } from './nonFiniteStatistics';
import { singleValue } from './singleValue';
import { zeroGamma } from './zeroGamma';
import { zeroMovingVariance } from './zeroMovingVariance';

/** Every rule, in the order in which findings of one severity are shown: causes before effects. */
export const findingRules: readonly FindingRule[] = [
  nonFiniteInput,
  nonFiniteParameters,
  nonFiniteStatistics,
  negativeVariance,
  nonFiniteOutput,
  singleValue,
  lostDigits,
  driftedStatistics,
  zeroMovingVariance,
  zeroGamma,
  neverUpdated,
  fewValues,
  constantChannel,
  coarseInput,
];

/** Larger is worse. */
export const severityRank: Readonly<Record<Severity, number>> = { error: 3, warning: 2, note: 1 };

/** Everything that is wrong or noteworthy, worst first. */
export function diagnose(subject: Subject): readonly Finding[] {
  return findingRules
    .flatMap(rule => rule.find(subject) ?? [])
    .sort((a, b) => severityRank[b.severity] - severityRank[a.severity]);
}
