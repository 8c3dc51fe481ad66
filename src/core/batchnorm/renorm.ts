/**
 * Batch renormalisation: while training, what batch statistics normalise is corrected towards slower
 * averages of them, as `(xhat·r + d)·gamma + beta`, so that training and inference come closer
 * (TensorFlow 1.15 `keras/layers/normalization.py:561-617,741-783`, Keras 3
 * `batch_normalization.py`). r and d are constants to the gradient.
 */
export interface Renorm {
  /** Weight of the old value in `mean` and `stddev` below. */
  readonly momentum: number;
  readonly clipping: RenormClipping;
  readonly state: RenormState;
}

/** Bounds of the correction; where one is absent it is not clipped on that side. */
export interface RenormClipping {
  readonly rmin?: number;
  readonly rmax?: number;
  /** Of |d|. */
  readonly dmax?: number;
}

/** One number a channel each. */
export interface RenormState {
  /** Moving √(vB + epsilon), from which the moving variance is taken. */
  readonly movingStddev: Float64Array;
  readonly mean: Float64Array;
  readonly stddev: Float64Array;
}

/** One channel's `RenormState`. */
export interface RenormNumbers {
  readonly movingStddev: number;
  readonly mean: number;
  readonly stddev: number;
}

/** Neither corrects nor moves anything away from where a layer starts: mean 0, deviation 1. */
export function freshRenormState(movingVariance: Float64Array): RenormState {
  return {
    movingStddev: movingVariance.map(Math.sqrt),
    mean: new Float64Array(movingVariance.length),
    stddev: new Float64Array(movingVariance.length).fill(1),
  };
}

export function renormOf(state: RenormState, channel: number): RenormNumbers {
  return {
    movingStddev: state.movingStddev[channel] as number,
    mean: state.mean[channel] as number,
    stddev: state.stddev[channel] as number,
  };
}

export function copyRenorm({ movingStddev, mean, stddev }: RenormState): RenormState {
  return { movingStddev: movingStddev.slice(), mean: mean.slice(), stddev: stddev.slice() };
}

/** Writes one channel's numbers into a state that nobody else holds. */
export function setRenorm(state: RenormState, channel: number, numbers: RenormNumbers): void {
  state.movingStddev[channel] = numbers.movingStddev;
  state.mean[channel] = numbers.mean;
  state.stddev[channel] = numbers.stddev;
}

export interface Correction {
  readonly r: number;
  readonly d: number;
}

/** r and d of one channel, from the averages as they are before the step. */
export function correction(
  clipping: RenormClipping,
  old: RenormNumbers,
  batch: { readonly mean: number; readonly variance: number },
  epsilon: number,
): Correction {
  const { rmin = -Infinity, rmax = Infinity, dmax = Infinity } = clipping;
  const stddev = Math.sqrt(batch.variance + epsilon);
  const slow = Math.max(old.stddev, Math.sqrt(epsilon));
  return {
    r: Math.min(Math.max(stddev / slow, rmin), rmax),
    d: Math.min(Math.max((batch.mean - old.mean) / slow, -dmax), dmax),
  };
}

/**
 * The averages after one more batch, and the moving variance that follows from them.
 * @param blend how the layer's own moving statistics take a batch in, and how the renorm averages do
 */
export function renormAfter(
  old: RenormNumbers,
  batch: { readonly mean: number; readonly variance: number },
  epsilon: number,
  blend: Readonly<Record<'moving' | 'renorm', (old: number, batch: number) => number>>,
): RenormNumbers & { readonly movingVariance: number } {
  const stddev = Math.sqrt(batch.variance + epsilon);
  const movingStddev = blend.moving(old.movingStddev, stddev);
  return {
    movingStddev,
    mean: blend.renorm(old.mean, batch.mean),
    stddev: blend.renorm(old.stddev, stddev),
    movingVariance: Math.max(movingStddev * movingStddev - epsilon, 0),
  };
}
