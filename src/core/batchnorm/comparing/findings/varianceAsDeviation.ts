import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type PairFindingRule } from './pairFinding';

/** One has the square roots of the other's moving variances: standard deviations under the name of variances. */
export const varianceAsDeviation: PairFindingRule = {
  id: 'variance-as-deviation',
  find: pair => {
    const { a, b } = pair.values;
    const inB = areRoots(a.movingVariance, b.movingVariance);
    if (!inB && !areRoots(b.movingVariance, a.movingVariance)) return undefined;
    const [holder, other] = inB ? ['B', 'A'] : ['A', 'B'];
    const before = inferenceOfA(pair);
    return {
      severity: 'error',
      message: `${holder}'s moving variances are the square roots of ${other}'s in all channels: they are standard deviations.`,
      channels: noChannels,
      evidence: {
        movingVarianceA: a.movingVariance[0] as number,
        movingVarianceB: b.movingVariance[0] as number,
      },
      fix: `Square them when ${holder} is written: a layer adds epsilon to the variance and takes the root itself.`,
      source: 'y = (x − mean) / sqrt(variance + epsilon) · gamma + beta',
      effect: effectOn(
        pair.a.name,
        before,
        { ...before, movingVariance: b.movingVariance },
        { 'moving variance of A': a.movingVariance, 'of B': b.movingVariance },
      ),
    };
  },
};

/** But for rounding; of variances that are 0 or 1 everywhere nothing is told. */
function areRoots(variances: Float64Array, roots: Float64Array): boolean {
  const agree = variances.every((v, c) => {
    const root = Math.sqrt(v);
    return Math.abs(root - (roots[c] as number)) <= 1e-5 * root;
  });
  return agree && variances.some(v => Math.abs(Math.sqrt(v) - v) > 1e-3 * v);
}
