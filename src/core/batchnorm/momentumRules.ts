import { rounder, type Precision } from '../tensor/tensor';

/** What an update of a moving statistic depends on besides the two numbers. */
export interface MovingUpdate {
  /** In the convention's own meaning; null is the cumulative average. */
  readonly momentum: number | null;
  /** Batches already taken in, for the rules that count them. */
  readonly batchesBefore: number;
  /** What the framework holds the moving statistic in. */
  readonly precision: Precision;
}

/** How a moving statistic takes in a batch's. */
export interface MomentumRule {
  /** What the number called momentum is the weight of: the old value (0.99) or the new one (0.01). */
  readonly weighs: 'old' | 'new';
  /** The formula in words of the convention, for the panel and the CLI. */
  readonly text: string;
  /** Where float32 rounding enters, and whether it shows in the digits that the framework prints. */
  readonly rounding: string;
  /** Whether `momentum = null` is allowed, and means the plain average of all batches so far. */
  readonly allowsCumulative: boolean;
  /** The formula with symbols or numbers put in, for people to read; `k` counts batches from 1. */
  readonly write: (old: string, batch: string, momentum: string, k: string) => string;
  /** The weight of the batch in the new value. */
  readonly batchWeight: (update: Omit<MovingUpdate, 'precision'>) => number;
  /**
   * The new moving value, before it is stored. A rule whose rounding order shows in the digits that
   * the framework prints rounds here; the others stay in float64.
   */
  readonly blend: (old: number, batch: number, update: MovingUpdate) => number;
  /**
   * What is left of the distance to a batch after `steps` steps over it, in closed form: 1 at none, 0
   * where the batch has taken over.
   */
  readonly remaining: (update: MovingUpdate, steps: number) => number;
}

/** A momentum said the other way round: the weight of the old value as that of the new, or back. */
export function otherWeight(momentum: number): number {
  // 1 − 0.99 is 0.010000000000000009 in binary; nobody means those digits.
  return Number((1 - momentum).toPrecision(12));
}

type WeightRule = MomentumRule['batchWeight'];

const roundedOnce = 'computed in float64 and rounded to float32 once, when it is stored';

const oneMinusMomentum: WeightRule = ({ momentum }) => 1 - (momentum ?? 0);

/** b/(b + steps): what is left where every batch weighs the same. */
function averageRemaining(batchesBefore: number, steps: number): number {
  return steps === 0 ? 1 : batchesBefore / (batchesBefore + steps);
}

/** new = m·old + (1−m)·batch: Keras 3, ONNX, Flax, MXNet, Paddle, TF 2's fused kernel. */
export const exponentialOld: MomentumRule = {
  weighs: 'old',
  rounding: roundedOnce,
  text: 'new = momentum·old + (1 − momentum)·batch',
  allowsCumulative: false,
  write: (old, batch, momentum) => `${momentum} · ${old} + (1 − ${momentum}) · ${batch}`,
  batchWeight: oneMinusMomentum,
  blend: (old, batch, { momentum }) => {
    const m = momentum ?? 0;
    return old * m + batch * (1 - m);
  },
  remaining: ({ momentum }, steps) => (momentum ?? 0) ** steps,
};

const momentumOrCount: WeightRule = ({ momentum, batchesBefore }) =>
  momentum ?? 1 / (batchesBefore + 1);

/**
 * new = (1−m)·old + m·batch, or with `momentum=None` the cumulative average, in which the k-th batch
 * weighs 1/k: PyTorch (`torch/nn/modules/batchnorm.py`, exponential_average_factor).
 */
export const exponentialNew: MomentumRule = {
  weighs: 'new',
  rounding: roundedOnce,
  text: 'new = (1 − momentum)·old + momentum·batch',
  allowsCumulative: true,
  write: (old, batch, momentum) => `(1 − ${momentum}) · ${old} + ${momentum} · ${batch}`,
  batchWeight: momentumOrCount,
  blend: (old, batch, update) => {
    const a = momentumOrCount(update);
    return old * (1 - a) + batch * a;
  },
  remaining: ({ momentum, batchesBefore }, steps) =>
    momentum === null ? averageRemaining(batchesBefore, steps) : (1 - momentum) ** steps,
};

/**
 * `variable -= (variable − batch)·decay`, every operation in the variable's precision, with the decay
 * as given: TensorFlow 1's assign_moving_average, whose rounding shows in the digits it prints.
 */
function decrement(
  rounding: string,
  decayText: (momentum: string) => string,
  decayOf: (momentum: number, round: (x: number) => number) => number,
): MomentumRule {
  return {
    weighs: 'old',
    text: 'moving −= (moving − batch)·(1 − momentum), in float32',
    rounding,
    allowsCumulative: false,
    write: (old, batch, momentum) => `${old} − (${old} − ${batch}) · ${decayText(momentum)}`,
    batchWeight: oneMinusMomentum,
    blend: (old, batch, { momentum, precision }) => {
      const round = rounder(precision);
      const difference = round(round(old) - round(batch));
      return round(round(old) - round(difference * decayOf(momentum ?? 0, round)));
    },
    remaining: ({ momentum, precision }, steps) =>
      (1 - decayOf(momentum ?? 0, rounder(precision))) ** steps,
  };
}

/**
 * TF 1.8 to 1.15, fused: momentum is made a float32 tensor first, so the decay is
 * fround(1 − fround(0.99)) = 0.00999999 (keras/layers/normalization.py, `_assign_moving_average`).
 */
export const decrementFused = decrement(
  'float32 after each operation; the decay is float32(1 − float32(momentum)), 0.00999999 for 0.99',
  momentum => `float32(1 − ${momentum})`,
  (momentum, round) => round(1 - round(momentum)),
);

/** TF 1 and tf.keras 2 not fused, tfjs-layers: 1 − momentum is taken in double precision, then cast. */
export const decrementUnfused = decrement(
  'float32 after each operation; the decay is float32(1 − momentum), 0.01 for 0.99',
  momentum => `(1 − ${momentum})`,
  (momentum, round) => round(1 - momentum),
);

/**
 * An exponential average that is divided by the weight it has gathered, 1 − m^k after k batches, so
 * that it starts from the first batch and not from its initial value. Both frameworks that do this
 * store the undivided sum and how much of it there is; kept as the quotient, the k-th batch weighs
 * (1 − m)/(1 − m^k).
 */
function debiased(
  weightAtOne: (batchesBefore: number) => number,
  remainingAtOne: MomentumRule['remaining'],
): MomentumRule {
  const batchWeight: WeightRule = ({ momentum, batchesBefore }) => {
    const m = momentum ?? 0;
    return m === 1 ? weightAtOne(batchesBefore) : (1 - m) / (1 - m ** (batchesBefore + 1));
  };
  return {
    weighs: 'old',
    text: 'new = old + (batch − old)·(1 − momentum)/(1 − momentum^k), for the k-th batch',
    rounding: roundedOnce,
    allowsCumulative: false,
    write: (old, batch, momentum, k) =>
      `${old} + (${batch} − ${old}) · (1 − ${momentum}) / (1 − ${momentum}^${k})`,
    batchWeight,
    blend: (old, batch, update) => {
      const a = batchWeight(update);
      return old * (1 - a) + batch * a;
    },
    // The product of (m − m^j)/(1 − m^j) over the batches j = b + 1 … b + steps, in which all but the ends cancel.
    remaining: (update, steps) => {
      const { momentum, batchesBefore: b } = update;
      const m = momentum ?? 0;
      if (steps === 0) return 1;
      if (m === 1) return remainingAtOne(update, steps);
      return (m ** steps * (1 - m ** b)) / (1 - m ** (b + steps));
    },
  };
}

/**
 * Haiku's ExponentialMovingAverage: hidden = hidden·m + batch·(1 − m), average = hidden/(1 − m^k)
 * (`haiku/_src/moving_averages.py:93-134`). At m = 1 that is 0/0.
 */
export const debiasedAverage = debiased(
  () => NaN,
  () => NaN,
);

/**
 * Caffe's sums: s = s·m + 1, M = M·m + batch, used as M/s (`src/caffe/layers/batch_norm_layer.cpp`).
 * After k batches s is (1 − m^k)/(1 − m), and k at m = 1: then every batch weighs the same.
 */
export const scaledSum = debiased(
  batchesBefore => 1 / (batchesBefore + 1),
  ({ batchesBefore }, steps) => averageRemaining(batchesBefore, steps),
);
