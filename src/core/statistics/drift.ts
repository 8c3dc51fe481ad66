/**
 * How far the batch's mean is from the moving mean, in moving standard deviations:
 * |batch mean − moving mean| / √(moving variance + epsilon). It is what inference mode would shift
 * the normalised values by, so 0 is agreement. NaN where the moving variance is below −epsilon or a
 * statistic is NaN.
 */
export function drift(
  batchMean: number,
  movingMean: number,
  movingVariance: number,
  epsilon: number,
): number {
  return Math.abs(batchMean - movingMean) / Math.sqrt(movingVariance + epsilon);
}

/** Biased batch variance over moving variance: 1 is agreement. Infinity or NaN where the latter is 0. */
export function varianceRatio(batchVariance: number, movingVariance: number): number {
  return batchVariance / movingVariance;
}
