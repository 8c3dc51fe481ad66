import { formatSignificant } from '../../../text/format';
import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type PairFindingRule } from './pairFinding';

/** The largest epsilon that is looked for: nobody uses one of 0.1. */
const largest = 0.1;

/** B's moving variances are A's plus or minus one small number: epsilon was put into them, or taken off. */
export const epsilonInVariance: PairFindingRule = {
  id: 'epsilon-in-variance',
  find: pair => {
    const { a, b } = pair.values;
    const differences = [...a.movingVariance].map((v, c) => (b.movingVariance[c] as number) - v);
    const [first = 0] = differences;
    // Of a large variance float32 holds less than epsilon.
    const alike = differences.every(
      (difference, c) =>
        Math.abs(difference - first) <=
        1e-2 * Math.abs(first) + 2e-7 * Math.abs(a.movingVariance[c] as number),
    );
    const seen = differences.some(
      (_, c) => Math.abs(first) > 1e-5 * Math.abs(a.movingVariance[c] as number),
    );
    if (first === 0 || differences.length < 2 || !alike || !seen || Math.abs(first) > largest) {
      return undefined;
    }
    const before = inferenceOfA(pair);
    const { movingVariance } = b;
    const size = formatSignificant(Math.abs(first), 2);
    return {
      severity: 'warning',
      message: `B's moving variances are A's ${first > 0 ? 'plus' : 'minus'} ${size} in all channels: an epsilon was ${first > 0 ? 'put into' : 'taken off'} them.`,
      channels: noChannels,
      evidence: { difference: first },
      fix: `Take over the variances as they are, and epsilon beside them.`,
      source: 'shicai/MobileNet-Caffe#87',
      effect: effectOn(
        pair.a.name,
        before,
        { ...before, movingVariance },
        { 'moving variance of A': a.movingVariance, 'of B': movingVariance },
      ),
    };
  },
};
