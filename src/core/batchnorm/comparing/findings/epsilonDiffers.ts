import { formatSetting, formatSignificant } from '../../../text/format';
import type { ComparedLayer, ComparedPair } from '../layerPair';
import { noChannels, type Effect, type PairFindingRule, type StatedNumber } from './pairFinding';

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

/** How much larger or smaller another epsilon makes the scale of B's own channels, where it is most. */
function effectOf({ b, values }: ComparedPair, epsilonA: number, epsilonB: number): Effect {
  const change = (variance: number): number =>
    Math.sqrt((variance + epsilonA) / (variance + epsilonB)) - 1;
  let worst = 0;
  values.b.movingVariance.forEach((variance, c) => {
    const most = Math.abs(change(values.b.movingVariance[worst] as number));
    if (Math.abs(change(variance)) > most) worst = c;
  });
  const variance = values.b.movingVariance[worst] as number;
  const size = Math.abs(change(variance));
  return {
    size,
    sentence: `The scale of channel ${worst} of ${b.name}, whose variance is ${formatSignificant(variance, 3)}, is ${formatSignificant(100 * size, 3)} % ${change(variance) < 0 ? 'smaller' : 'larger'} in B for that, and no channel's changes more.`,
    evidence: { channel: worst, movingVariance: variance, relativeChange: change(variance) },
  };
}

function epsilonOf({ statement, convention }: ComparedLayer): StatedNumber | undefined {
  if (statement.epsilon !== undefined) return { value: statement.epsilon, origin: '' };
  if (convention === undefined) return undefined;
  return { value: convention.defaults.epsilon, origin: ` (the default of ${convention.name})` };
}
