import { formatSetting } from '../../../text/format';
import type { ComparedLayer } from '../layerPair';
import { noChannels, type PairFindingRule, type StatedNumber } from './pairFinding';

/** Epsilon is added to the variance: another one is another output. */
export const epsilonDiffers: PairFindingRule = {
  id: 'epsilon-differs',
  find: ({ a, b }) => {
    const [inA, inB] = [epsilonOf(a), epsilonOf(b)];
    if (!inA || !inB || inA.value === inB.value) return undefined;
    return {
      severity: 'warning',
      message: `Epsilon is ${formatSetting(inA.value)} in A${inA.origin}, and ${formatSetting(inB.value)} in B${inB.origin}.`,
      channels: noChannels,
      evidence: { epsilonA: inA.value, epsilonB: inB.value },
      fix: `Give B's layer the epsilon ${formatSetting(inA.value)}.`,
      source: 'y = (x − mean) / sqrt(variance + epsilon) · gamma + beta',
    };
  },
};

function epsilonOf({ statement, convention }: ComparedLayer): StatedNumber | undefined {
  if (statement.epsilon !== undefined) return { value: statement.epsilon, origin: '' };
  if (convention === undefined) return undefined;
  return { value: convention.defaults.epsilon, origin: ` (the default of ${convention.name})` };
}
