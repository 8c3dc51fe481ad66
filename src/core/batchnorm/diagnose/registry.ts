import { ambiguousAxis } from './ambiguousAxis';
import { coarseInput } from './coarseInput';
import { constantChannel } from './constantChannel';
import { countMissing } from './countMissing';
import { deadGamma } from './deadGamma';
import { driftedStatistics } from './driftedStatistics';
import { epsilonMatters } from './epsilonMatters';
import { explodingGamma } from './explodingGamma';
import { fewUpdates } from './fewUpdates';
import { fewValues } from './fewValues';
import type { Finding, FindingRule, Known } from './finding';
import { findingIds, type FindingId } from './findingIds';
import { fixGamma } from './fixGamma';
import { flagsMeaning } from './flagsMeaning';
import { frozenMoved } from './frozenMoved';
import { lostDigits } from './lostDigits';
import { momentumMeaning } from './momentumMeaning';
import { negativeVariance } from './negativeVariance';
import { neverUpdated } from './neverUpdated';
import { nonFiniteInput } from './nonFiniteInput';
import { nonFiniteOutput } from './nonFiniteOutput';
import { nonFiniteParameters } from './nonFiniteParameters';
import { nonFiniteStatistics } from './nonFiniteStatistics';
import { ranksDiffer } from './ranksDiffer';
import { severityRank } from './severity';
import { singleValue } from './singleValue';
import { tinyMovingVariance } from './tinyMovingVariance';
import { trainingModeExport } from './trainingModeExport';
import { undividedSums } from './undividedSums';
import { varianceRule } from './varianceRule';
import { wrongAxis } from './wrongAxis';
import { zeroGamma } from './zeroGamma';
import { zeroMovingVariance } from './zeroMovingVariance';

const byId = {
  'ambiguous-axis': ambiguousAxis,
  'coarse-input': coarseInput,
  'constant-channel': constantChannel,
  'count-missing': countMissing,
  'dead-gamma': deadGamma,
  drift: driftedStatistics,
  'epsilon-matters': epsilonMatters,
  'exploding-gamma': explodingGamma,
  'few-updates': fewUpdates,
  'few-values': fewValues,
  'fix-gamma': fixGamma,
  'flags-meaning': flagsMeaning,
  'frozen-moved': frozenMoved,
  'lost-digits': lostDigits,
  'momentum-meaning': momentumMeaning,
  'negative-variance': negativeVariance,
  'never-updated': neverUpdated,
  'non-finite-input': nonFiniteInput,
  'non-finite-output': nonFiniteOutput,
  'non-finite-parameters': nonFiniteParameters,
  'non-finite-statistics': nonFiniteStatistics,
  'ranks-differ': ranksDiffer,
  'single-value': singleValue,
  'tiny-moving-variance': tinyMovingVariance,
  'training-mode-export': trainingModeExport,
  'undivided-sums': undividedSums,
  'variance-rule': varianceRule,
  'wrong-axis': wrongAxis,
  'zero-gamma': zeroGamma,
  'zero-moving-variance': zeroMovingVariance,
} satisfies Readonly<Record<FindingId, FindingRule>>;

/** Every rule, in the order of `findingIds`. */
export const findingRules: readonly FindingRule[] = findingIds.map(id => byId[id]);

/** Everything that is wrong or noteworthy, worst first. */
export function diagnose(known: Known): readonly Finding[] {
  const { trace } = known;
  const complete = trace && !known.batch ? { ...known, batch: trace.batch } : known;
  return findingRules
    .flatMap(rule => rule.find(complete) ?? [])
    .sort((a, b) => severityRank[b.severity] - severityRank[a.severity]);
}
