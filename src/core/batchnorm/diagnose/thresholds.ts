/**
 * Where a finding begins, all in one place, each with the reason. They are about batch norm's arithmetic,
 * not about taste: below them the effect is smaller than what data and rounding do by themselves.
 */
export const thresholds = {
  /**
   * Moving standard deviations between the batch's mean and the moving one. One moves the output by gamma,
   * as far as a typical value is from the mean: inference then answers for other data.
   */
  drift: 1,
  /**
   * Standard errors that a drift has to have beside that: the mean of n independent values strays by itself
   * about 1/√n of a deviation, so a small batch has to show four times that before it is evidence.
   */
  driftErrors: 4,
  /**
   * Ratio of batch and moving variance, either way. At 4 a normalised value is twice or half as large as in
   * training; real batches of one data set stay within 2.
   */
  varianceRatio: 4,
  /**
   * Values a channel under which a variance is mostly noise: its standard error, √(2/(n−1)) of it for normal
   * values, is over a third.
   */
  fewValues: 16,
  /** Steps of float32 within a deviation below which it is coarse: four bits are then left of a value. */
  coarseSteps: 16,
  /** A hundredth of the variance lost to E[x²] − E[x]² is a two-hundredth of the output. */
  varianceLost: 1e-2,
  /** A thousandth of gamma is what float16 resolves, so that a loss below it would not be noticed anyway. */
  outputLost: 1e-3,
  /** How near −epsilon a variance has to be to be one of 0 that epsilon was taken from: 1 % of it. */
  exportedEpsilon: 1e-2,
  /**
   * What is left of the initial moving statistics after k batches, momentum^k. Of 1 % nothing is seen in
   * outputs; from 10 % on inference is visibly another function.
   */
  initialLeft: { note: 0.01, warning: 0.1 },
  /**
   * How well channels have to agree on one number (a fraction taken in, a factor) for it to be called theirs:
   * a tenth between channels of different batches, and float32's own digits where it is the very same batch.
   */
  agreement: { estimate: 0.1, exact: 2e-5 },
  /** The weight of a batch above which a momentum is more likely meant the other way round: half, which is the same both ways. */
  momentumWeight: 0.5,
  /**
   * Change of the scale gamma/√(variance + epsilon) between epsilons 1e-3 and 1e-5: at 10 % it is more than
   * what quantisation to 8 bits, or another framework's kernels, do to it.
   */
  epsilonEffect: 0.1,
  /** A variance of a thousandth of epsilon: the scale is 1/√epsilon whatever it is. */
  tinyVariance: 1e-3,
  /** |gamma| beside its layer's median: a ten-thousandth passes on less than float16 resolves of the others. */
  deadGamma: 1e-4,
  /** |gamma| a hundred times its layer's median: one channel drowns the others in the sums of the next layer. */
  explodingGamma: 100,
  /** Fewest channels in which a median of gamma, or an agreement of all, means something. */
  enoughChannels: 4,
  /** Ratio of sums to averages that cannot be data: Caffe's factor is 1/(1 − 0.999), about 1,000, in a trained net. */
  undividedSums: 10,
  /** Of the moving deviation: ranks whose means differ by less have seen the same data. */
  rankSpread: 1e-3,
  /** Of a folded bias, beside its exact value: a thousand roundings of float32 (6e-8 each). */
  foldError: 1e-4,
} as const;
