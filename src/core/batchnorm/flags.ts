/** The two switches that the seed question is about. */
export interface Flags {
  /** Keras' and TensorFlow's `training`, PyTorch's `module.training`, ONNX's `training_mode`. */
  readonly training: boolean;
  /** Keras' and TensorFlow's `trainable`; PyTorch's nearest is `requires_grad` of weight and bias. */
  readonly trainable: boolean;
}

export function sameFlags(a: Flags, b: Flags): boolean {
  return a.training === b.training && a.trainable === b.trainable;
}

/** All four combinations, in the order the flag matrix shows them. */
export const flagCombinations: readonly Flags[] = [
  { training: true, trainable: true },
  { training: true, trainable: false },
  { training: false, trainable: true },
  { training: false, trainable: false },
];

/** A convention's answer to "does this happen under these flags?", with words to say it in. */
export interface FlagRule {
  /** Reads well after "when": `training and trainable`. */
  readonly text: string;
  readonly test: (flags: Flags) => boolean;
}

export const whenTraining: FlagRule = { text: 'training', test: f => f.training };

export const whenTrainable: FlagRule = { text: 'trainable', test: f => f.trainable };

export const whenTrainingAndTrainable: FlagRule = {
  text: 'training and trainable',
  test: f => f.training && f.trainable,
};
