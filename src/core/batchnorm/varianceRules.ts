/**
 * Which variance of the batch enters the moving variance. Every framework normalises with the biased
 * variance vB = Σ(x−μ)²/n; they differ only in what they remember of it (SEMANTICS of each: see the
 * convention's source).
 */
export interface VarianceRule {
  readonly id: string;
  /** The formula, in terms of vB and n, for the panel and the CLI. */
  readonly text: string;
  /** The formula with symbols or numbers put in, for people to read. */
  readonly write: (variance: string, n: string, epsilon: string) => string;
  /** What vB is multiplied by before it enters the moving variance. NaN where the framework gives NaN. */
  readonly factor: (n: number, epsilon: number) => number;
}

/** Keras 3, ONNX, tfjs, Flax, Haiku, MXNet, Paddle, TensorFlow's non-fused path: the biased variance. */
export const biased: VarianceRule = {
  id: 'biased',
  text: 'vB',
  write: variance => variance,
  factor: () => 1,
};

/** TensorFlow's fused kernel on CPU and XLA, Caffe: Bessel's correction, guarded at n = 1. */
export const besselGuarded: VarianceRule = {
  id: 'bessel-guarded',
  text: 'vB·n/max(n−1, 1)',
  write: (variance, n) => `${variance} · ${n}/max(${n} − 1, 1)`,
  factor: n => n / Math.max(n - 1, 1),
};

/** PyTorch: Bessel's correction unguarded, so 0/0 = NaN at n = 1 in the C++ kernel. */
export const bessel: VarianceRule = {
  id: 'bessel',
  text: 'vB·n/(n−1)',
  write: (variance, n) => `${variance} · ${n}/(${n} − 1)`,
  factor: n => n / (n - 1),
};

/**
 * Stand-alone Keras 2.1.4 to 2.3.1 (`keras/layers/normalization.py:195` of 2.3.1): Bessel's correction
 * with epsilon added to the 1 it subtracts, which at n = 1 gives −1/epsilon where 1/0 would be.
 */
export const besselWithEpsilon: VarianceRule = {
  id: 'bessel-with-epsilon',
  text: 'vB·n/(n−(1+epsilon))',
  write: (variance, n, epsilon) => `${variance} · ${n}/(${n} − (1 + ${epsilon}))`,
  factor: (n, epsilon) => n / (n - (1 + epsilon)),
};
