import { channelsWhere, median } from './channelsWhere';
import type { Transition } from './finding';

/** How well channels have to agree on the weight of a batch: what float32 leaves of a difference of means. */
const agreement = 1e-2;

/**
 * The weight of the batch in an update, by the means: (after − before)/(batch − before).
 * @returns undefined where channels disagree, as over steps that were not recorded
 */
export function updateWeight({ batch, before, after }: Transition): number | undefined {
  const weights = channelsWhere(batch.mean.length, c => {
    const distance = Math.abs((batch.mean[c] as number) - (before.mean[c] as number));
    // Of a difference that float32 has rounded to a few steps there is no weight to be had.
    return distance > 1e-4 * Math.abs(before.mean[c] as number);
  }).map(
    c =>
      ((after.mean[c] as number) - (before.mean[c] as number)) /
      ((batch.mean[c] as number) - (before.mean[c] as number)),
  );
  const weight = median(weights);
  const agree = weights.every(one => Math.abs(one - weight) <= agreement * Math.abs(weight));
  return weights.length > 0 && agree && weight > 0 && weight <= 1 + 1e-6 ? weight : undefined;
}

/** What the biased variance of each channel was multiplied by before it was taken in with that weight. */
export function updateFactors(transition: Transition): number[] {
  const weight = updateWeight(transition);
  if (weight === undefined) return [];
  const { batch, before, after } = transition;
  return channelsWhere(batch.variance.length, c => (batch.variance[c] as number) > 0)
    .map(
      c =>
        ((after.variance[c] as number) - (1 - weight) * (before.variance[c] as number)) /
        (weight * (batch.variance[c] as number)),
    )
    .filter(factor => Number.isFinite(factor));
}
