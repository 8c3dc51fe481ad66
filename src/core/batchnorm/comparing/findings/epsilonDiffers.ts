import { formatSetting, formatSignificant } from '../../../text/format';
import { worstOf } from '../../diagnose/channelsWhere';
import { epsilonOf, type ComparedPair } from '../layerPair';
import { effectOn } from './effectOn';
import { noChannels, type Effect, type PairFindingRule } from './pairFinding';

/** Epsilon is added to the variance: another one is another output. */
export const epsilonDiffers: PairFindingRule = {
  id: 'epsilon-differs',
  find: pair => {
    const [inA, inB] = [epsilonOf(pair.a), epsilonOf(pair.b)];
    if (!inA || !inB || inA.value === inB.value) return undefined;
    return {
      severity: 'warning',
      message: `Epsilon is ${formatSetting(inA.value)} in A${inA.origin}, and ${formatSetting(inB.value)} in B${inB.origin}.`,
      channels: noChannels,
      evidence: { epsilonA: inA.value, epsilonB: inB.value },
      fix: `Give B's layer the epsilon ${formatSetting(inA.value)}.`,
      source: 'y = (x − mean) / sqrt(variance + epsilon) · gamma + beta',
      effect: effectOf(pair, inA.value, inB.value),
    };
  },
};

/** Where another epsilon makes the scale of B's own channels most larger or smaller. */
function effectOf(pair: ComparedPair, epsilonA: number, epsilonB: number): Effect | undefined {
  const { b, values } = pair;
  const variances = values.b.movingVariance;
  const changes = variances.map(v => Math.sqrt((v + epsilonA) / (v + epsilonB)) - 1);
  const effect = effectOn(
    b.name,
    { ...values.b, epsilon: epsilonA },
    { ...values.b, epsilon: epsilonB },
    { 'moving variance': variances, 'relative change of the scale': changes },
  );
  if (!effect) return undefined;
  const worst = worstOf([...changes.keys()], c => Math.abs(changes[c] as number));
  const [variance, change] = [variances[worst] as number, changes[worst] as number];
  return {
    ...effect,
    sentence: `The scale of channel ${worst} of ${b.name}, whose variance is ${formatSignificant(variance, 3)}, is ${formatSignificant(100 * Math.abs(change), 3)} % ${change < 0 ? 'smaller' : 'larger'} in B for that, and no channel's changes more. ${effect.sentence}`,
    evidence: { ...effect.evidence, movingVariance: variance, relativeChange: change },
  };
}
