import type { Shape } from '../tensor/shape';

/** What an expression is, as far as it can be told without running it. */
export type Evaluation =
  | TensorEvaluation
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** `None`, `null`, `undefined`. */
  | { readonly kind: 'nothing' }
  /** A tuple or a list of anything but numbers alone, or one that is used as sizes. */
  | { readonly kind: 'list'; readonly items: readonly Evaluation[] }
  /** A dotted name that stands for something of a library: `np.float32`, `tf.constant`. */
  | { readonly kind: 'name'; readonly path: string }
  | Unknown;

/** A tensor whose every element is known. */
export interface TensorEvaluation {
  readonly kind: 'tensor';
  readonly shape: Shape;
  /** As the source says; undefined where only the framework's default does. */
  readonly dtype: string | undefined;
  /** Row-major, rounded to what `dtype` holds. */
  readonly values: Float64Array;
}

export interface Unknown {
  readonly kind: 'unknown';
  /** For people: completes “its value is not known: …”. */
  readonly reason: string;
}

export function unknown(reason: string): Unknown {
  return { kind: 'unknown', reason };
}

export function isUnknown(evaluation: Evaluation): evaluation is Unknown {
  return evaluation.kind === 'unknown';
}

/** Elements of one tensor that are evaluated: what code states in so few words is rarely looked at whole. */
export const mostElements = 1 << 20;

/** @returns a tensor, or `unknown` where it would be larger than anybody evaluates here */
export function filledTensor(
  shape: Shape,
  dtype: string | undefined,
  valueAt: (index: number) => number,
): Evaluation {
  if (!shape.every(size => Number.isInteger(size) && size >= 0)) {
    return unknown(`(${shape.join(', ')}) is not a shape`);
  }
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (size > mostElements) {
    return unknown(`it has ${size} elements, and ${mostElements} is the most that is evaluated`);
  }
  // Not Float64Array.from, which takes thirty times as long.
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = valueAt(i);
  return { kind: 'tensor', shape, dtype, values };
}

/** A number as a tensor of rank 0, so that one rule serves both; others are undefined. */
export function asTensor(evaluation: Evaluation): TensorEvaluation | undefined {
  switch (evaluation.kind) {
    case 'tensor':
      return evaluation;
    case 'number':
      return {
        kind: 'tensor',
        shape: [],
        dtype: undefined,
        values: Float64Array.of(evaluation.value),
      };
    case 'boolean':
      return {
        kind: 'tensor',
        shape: [],
        dtype: 'bool',
        values: Float64Array.of(Number(evaluation.value)),
      };
    case 'list':
      return stack(evaluation.items);
    case 'string':
    case 'nothing':
    case 'name':
    case 'unknown':
      return undefined;
  }
}

/** Rows of one shape become a tensor; ragged ones become nothing. */
function stack(items: readonly Evaluation[]): TensorEvaluation | undefined {
  const rows = items.map(asTensor);
  const [first] = rows;
  if (!first) return items.length > 0 ? undefined : emptyTensor;
  // True among numbers is a slip more often than a 1.
  const same = rows.every(
    row =>
      row?.shape.join() === first.shape.join() &&
      (row.dtype === 'bool') === (first.dtype === 'bool'),
  );
  if (!same) return undefined;
  const parts = rows as readonly TensorEvaluation[];
  const values = new Float64Array(parts.length * first.values.length);
  if (values.length > mostElements) return undefined;
  parts.forEach((part, i) => {
    values.set(part.values, i * first.values.length);
  });
  return { kind: 'tensor', shape: [parts.length, ...first.shape], dtype: first.dtype, values };
}

const emptyTensor: TensorEvaluation = {
  kind: 'tensor',
  shape: [0],
  dtype: undefined,
  values: new Float64Array(0),
};

/** `4`, `(4,)`, `[2, 3]` as sizes or axes. */
export function asDimensions(evaluation: Evaluation): Shape | undefined {
  if (evaluation.kind === 'number') return [evaluation.value];
  const tensor = asTensor(evaluation);
  return tensor?.shape.length === 1 ? [...tensor.values] : undefined;
}
