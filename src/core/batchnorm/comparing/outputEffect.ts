import type { LayerParameters } from '../layer';

/** What inference normalises with. */
export interface InferenceNumbers extends LayerParameters {
  readonly epsilon: number;
}

/** Deviations around the moving mean within which nearly all inputs are: 95 in a hundred of normal ones. */
export const inputDeviations = 2;

/**
 * The largest |difference| of two layers' outputs in inference, a channel, over inputs within two moving deviations
 * of A's moving mean. y = (x − mean) / sqrt(variance + epsilon) · gamma + beta of both is linear in x, so it is
 * largest at one of the ends. NaN where one of the outputs is, and 0 where both are.
 * @param a one value a channel
 * @param b as many
 */
export function outputEffect(a: InferenceNumbers, b: InferenceNumbers): Float64Array {
  return a.movingMean.map((mean, c) => {
    const reach = inputDeviations * Math.sqrt(a.movingVariance[c] as number);
    const at = (x: number): number => {
      const [first, second] = [output(a, x, c), output(b, x, c)];
      return Object.is(first, second) ? 0 : Math.abs(first - second);
    };
    return Math.max(at(mean - reach), at(mean + reach));
  });
}

function output(layer: InferenceNumbers, x: number, c: number): number {
  const [gamma, beta, mean, variance] = [
    layer.gamma[c] as number,
    layer.beta[c] as number,
    layer.movingMean[c] as number,
    layer.movingVariance[c] as number,
  ];
  return ((x - mean) / Math.sqrt(variance + layer.epsilon)) * gamma + beta;
}

/** The channel whose output differs most, one that is not a number first; undefined where none differs. */
export function mostAffected(effect: Float64Array): number | undefined {
  const broken = effect.findIndex(Number.isNaN);
  if (broken >= 0) return broken;
  let most: number | undefined;
  effect.forEach((size, c) => {
    if (size > (most === undefined ? 0 : (effect[most] as number))) most = c;
  });
  return most;
}
