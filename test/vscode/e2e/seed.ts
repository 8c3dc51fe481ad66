import type { FlagsName } from './panelPage';

/**
 * What TensorFlow 1 makes of the sample, as printed in the question it comes from (Stack Overflow 50209310) and
 * recomputed in full precision: the first pixel of each channel, and the moving statistics after one step.
 */
export const seed = {
  batchMean: [3.25, 3.5, 6.5, 2.75],
  inference: [8.996003, 10.995004, 18.991007, 1],
  training: [1.5799985, 1.9369968, 2.7406712, -0.98354423],
  /** Seven significant digits, as TensorFlow printed them: see `asPrinted`. */
  movingMeanAfter: [0.03249997, 0.03499997, 0.06499994, 0.02749997],
  movingVarianceAfter: [1.0791667, 1.1266665, 1.0999999, 1.0925],
} as const;

/** Rounds the panel's shortest float32 digits to the seven that TensorFlow printed of small moving means. */
export function asPrinted(values: readonly number[]): number[] {
  return values.map(value => Number(value.toPrecision(7)));
}

/** Every combination, what its output is, and whether the moving statistics move. */
export const combinations: readonly {
  readonly name: FlagsName;
  readonly training: boolean;
  readonly trainable: boolean;
  readonly output: readonly number[];
  readonly moves: boolean;
}[] = [true, false].flatMap(training =>
  [true, false].map(trainable => ({
    name: `training ${word(training)}, trainable ${word(trainable)}` as const,
    training,
    trainable,
    output: training ? seed.training : seed.inference,
    moves: training && trainable,
  })),
);

function word(on: boolean): 'on' | 'off' {
  return on ? 'on' : 'off';
}
