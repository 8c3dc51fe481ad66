import type { DescribedLayer, DescribedTensor, ListedValue } from './answers';

/** A tensor of a frame that a layer could be run over. */
export interface FittingInput {
  readonly expression: string;
  readonly tensor: DescribedTensor;
}

/** Ranks that a layer of PyTorch takes, by its class: it raises an error for others. */
const ranksOf: Readonly<Record<string, readonly number[]>> = {
  BatchNorm1d: [2, 3],
  BatchNorm2d: [4],
  BatchNorm3d: [5],
  FrozenBatchNorm2d: [4],
};

/** What functions call their input. */
const usualNames: ReadonlySet<string> = new Set(['x', 'input', 'inputs', 'features', 'hidden']);

/**
 * The tensors of a frame that have as many entries on the layer's channel axis as it has channels, the likelier first.
 * A debugger lists a function's parameters before its other variables, which decides between equals.
 */
export function fittingInputs(
  layer: DescribedLayer,
  listed: readonly ListedValue[],
): readonly FittingInput[] {
  return listed
    .flatMap(({ expression, value }): FittingInput[] =>
      value.kind === 'tensor' && fits(layer, value) ? [{ expression, tensor: value }] : [],
    )
    .sort((a, b) => rankOf(b) - rankOf(a));
}

function fits({ type, channels, statement }: DescribedLayer, { shape }: DescribedTensor): boolean {
  const ranks = ranksOf[type];
  if (shape.length < 2 || (ranks && !ranks.includes(shape.length))) return false;
  return shape.at(statement.channelAxis ?? 1) === channels;
}

/** The higher, the likelier it is what the layer is given. */
function rankOf({ expression, tensor }: FittingInput): number {
  const isVariable = /^[\p{L}\p{N}_$]+$/u.test(expression);
  return (
    (tensor.dtype.includes('float') ? 4 : 0) +
    (isVariable ? 2 : 0) +
    (usualNames.has(expression) ? 1 : 0)
  );
}
