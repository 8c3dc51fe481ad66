import { formatSignificant } from '../../text/format';
import { initialMovingVariance } from '../convention';
import { conventions } from '../conventions/registry';
import { channelCount } from '../layer';
import { stepRules, type StepRules } from '../plan';
import {
  bessel,
  besselGuarded,
  besselWithEpsilon,
  biased,
  type VarianceRule,
} from '../varianceRules';
import { channelsWhere, median } from './channelsWhere';
import { findingRule, type Known, type Transition } from './finding';
import { takenIn } from './takenIn';
import { thresholds } from './thresholds';
import { updateFactors } from './transitions';

/** Which variance of the batch the moving one took in, where that is another than the convention's. */
export const varianceRule = findingRule('variance-rule', [], known => {
  const { layer, rank, flags } = known;
  if (layer.tracking === 'none' || layer.renorm) return undefined;
  const rules = stepRules(layer, rank, flags);
  const observed = fromTransitions(known.transitions ?? []) ?? fromBatch(known, rules);
  if (!observed) return undefined;
  const { n, factor } = observed;
  const own = rules.path.movingVariance;
  const misses = (rule: VarianceRule): number =>
    Math.abs(factor / rule.factor(n, rules.epsilon) - 1);
  const rule = [biased, bessel, besselWithEpsilon].reduce((best, one) =>
    misses(one) < misses(best) ? one : best,
  );
  const isOwn = misses(own) <= 4 * misses(rule) + thresholds.agreement.exact;
  if (isOwn || !(misses(rule) < between(n))) return undefined;
  const matching = conventions.filter(({ movingVariance }) =>
    // Beyond one value a channel the guarded correction is the same as the other.
    rule === bessel ? [bessel, besselGuarded].includes(movingVariance) : movingVariance === rule,
  );
  const named = matching.map(({ name }) => name).join(', ');
  const expected = own.factor(n, rules.epsilon);
  const sameWeight = matching.find(
    ({ momentum }) => momentum.weighs === layer.convention.momentum.weighs,
  );
  return {
    severity: 'warning',
    message: `The moving variance took in ${formatSignificant(factor, 6)} times the batch's biased variance vB at n = ${n}, which is ${rule.text}, the rule of ${named}; by ${layer.convention.name}'s rule, ${own.text}, it would be ${formatSignificant(expected, 6)} times.`,
    channels: [],
    evidence: {
      n,
      factor,
      expected,
      rule: rule.id,
      conventionRule: own.id,
      measured: observed.how,
    },
    fix: `If the layer runs in another framework than it was trained in, expect moving variances ${formatSignificant(100 * (factor / expected - 1), 3)} % apart for as long as it trains on; in inference nothing has to be changed.`,
    ...(sameWeight && { whatIf: { kind: 'convention', convention: sameWeight.id } }),
    source:
      'tensorflow#55545, tensorflow#15250, pytorch#77427, pytorch#1410, keras#10443, keras#8982, tinygrad/tinygrad#807, mxnet#21111',
  };
});

interface Observed {
  readonly n: number;
  /** What vB was multiplied by. */
  readonly factor: number;
  readonly how: string;
}

/** A quarter of the distance between the rules that are nearest each other, biased and Bessel: 1/n. */
const between = (n: number): number => 0.25 / n;

/** Of moving statistics that are those of this very batch, taken in a number of times. */
function fromBatch({ layer, batch }: Known, rules: StepRules): Observed | undefined {
  const taken = batch && takenExactly(layer, batch, rules);
  const n = batch?.n[0] ?? 0;
  if (!taken || n < 2 || batch.n.some(count => count !== n)) return undefined;
  const initial = initialMovingVariance(layer.convention);
  const factors = channelsWhere(channelCount(layer), c => (batch.variance[c] as number) > 0).map(
    c =>
      ((layer.movingVariance[c] as number) - (1 - taken) * initial) /
      (taken * (batch.variance[c] as number)),
  );
  const factor = median(factors);
  const agree = factors.every(one => Math.abs(one / factor - 1) < between(n));
  return agree ? { n, factor, how: 'over this batch' } : undefined;
}

/** @returns the fraction of the batch that is taken in; 1 where the batch has taken over */
function takenExactly(
  layer: Known['layer'],
  batch: NonNullable<Known['batch']>,
  rules: StepRules,
): number | undefined {
  const isMean = channelsWhere(
    channelCount(layer),
    c =>
      Math.abs((layer.movingMean[c] as number) - (batch.mean[c] as number)) <=
      thresholds.agreement.exact * Math.abs(batch.mean[c] as number),
  );
  const someMean = batch.mean.some(mean => mean !== 0);
  if (someMean && isMean.length === channelCount(layer)) return 1;
  const taken = takenIn(layer, batch, rules);
  return taken?.exact === true ? taken.fraction : undefined;
}

/** Of recorded updates: the weight by the means, and then the factor by the variances. */
function fromTransitions(transitions: readonly Transition[]): Observed | undefined {
  const n = transitions[0]?.n ?? 0;
  if (n < 2 || transitions.some(one => one.n !== n)) return undefined;
  const factors = transitions.flatMap(updateFactors);
  if (factors.length < thresholds.enoughChannels) return undefined;
  const factor = median(factors);
  const deviations = factors.map(one => Math.abs(one / factor - 1));
  // The median settles what float32 rounded here and there.
  if (!(median(deviations) < between(n))) return undefined;
  return { n, factor, how: `${transitions.length} recorded updates` };
}
