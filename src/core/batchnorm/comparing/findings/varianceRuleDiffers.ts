import { formatSignificant } from '../../../text/format';
import { pathRules, type Convention } from '../../convention';
import type { VarianceRule } from '../../varianceRules';
import { epsilonOf, usualEpsilon, type ComparedLayer } from '../layerPair';
import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type PairFindingRule } from './pairFinding';

/** Values a channel of a batch at which the effect is told: 8 images of 2 × 2, where it begins to be seen. */
const values = 32;

/** Rank of images, which is what layers of a file are most often given. */
const rank = 4;

/** Trained on, the two take other variances of the same batches into their moving ones. */
export const varianceRuleDiffers: PairFindingRule = {
  id: 'variance-rule-differs',
  find: pair => {
    const { a, b } = pair;
    if (!a.convention || !b.convention) return undefined;
    const [inA, inB] = [ruleOf(a, a.convention), ruleOf(b, b.convention)];
    const epsilon = epsilonOf(a)?.value ?? usualEpsilon;
    const ratioAt = (n: number): number => inB.factor(n, epsilon) / inA.factor(n, epsilon);
    const factor = ratioAt(values);
    // Two that differ in what they make of one value, or in an epsilon, are no other rule here.
    if (Math.abs(factor - 1) < 1e-3) return undefined;
    const before = inferenceOfA(pair);
    const movingVariance = before.movingVariance.map(v => v * factor);
    const percent = (n: number): string => formatSignificant(100 * Math.abs(ratioAt(n) - 1), 3);
    return {
      severity: 'note',
      message: `Into the moving variance A takes ${inA.text} of a batch (${a.convention.name}), and B ${inB.text} (${b.convention.name}): trained on, B's come out ${percent(values)} % ${factor > 1 ? 'larger' : 'smaller'} at ${values} values a channel, and ${percent(8 * values)} % at ${8 * values}.`,
      channels: noChannels,
      evidence: {
        ruleA: inA.id,
        ruleB: inB.id,
        factorAt32: factor,
        factorAt256: ratioAt(8 * values),
      },
      fix: 'Nothing for inference, which takes the numbers as they are; to train on as A does, give B batches of more values a channel.',
      source: `${a.convention.source}; ${b.convention.source}`,
      effect: effectOn(
        a.name,
        before,
        { ...before, movingVariance },
        { 'moving variance': before.movingVariance, 'moving variance in B': movingVariance },
      ),
    };
  },
};

function ruleOf({ statement }: ComparedLayer, convention: Convention): VarianceRule {
  const axis = statement.channelAxis ?? convention.defaults.channelAxis;
  return pathRules(convention, rank, axis < 0 ? axis + rank : axis, 'float32').movingVariance;
}
