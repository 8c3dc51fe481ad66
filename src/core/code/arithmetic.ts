import { castTo } from './dtypes';
import {
  asTensor,
  filledTensor,
  unknown,
  type Evaluation,
  type TensorEvaluation,
} from './evaluation';

export type Operator = '+' | '-' | '*' | '/' | '**';

const operations: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': (a, b) => a ** b,
};

/**
 * Two operands, element by element, with NumPy's broadcasting. A dtype that both share, or that meets a plain number,
 * stays; with any other mixture the result is not rounded.
 */
export function operate(operator: Operator, a: Evaluation, b: Evaluation): Evaluation {
  if (a.kind === 'unknown') return a;
  if (b.kind === 'unknown') return b;
  const operation = operations[operator];
  if (a.kind === 'number' && b.kind === 'number') {
    return { kind: 'number', value: operation(a.value, b.value) };
  }
  // Python's lists repeat and join where tensors multiply and add.
  if (a.kind === 'list' && b.kind !== 'tensor') return unknown(`${operator} of a list`);
  if (b.kind === 'list' && a.kind !== 'tensor') return unknown(`${operator} of a list`);
  const [left, right] = [asTensor(a), asTensor(b)];
  if (!left || !right) return unknown(`${operator} of what is no number and no tensor`);
  return broadcast(left, right, operation, commonDType(left, right, operator));
}

function commonDType(
  a: TensorEvaluation,
  b: TensorEvaluation,
  operator: Operator,
): string | undefined {
  const dtype = a.dtype === b.dtype || b.shape.length === 0 ? a.dtype : b.dtype;
  const plain = a.shape.length === 0 || b.shape.length === 0;
  if (a.dtype !== b.dtype && !plain) return undefined;
  // Integers become floats when they are divided, or meet one.
  const isFloat = dtype?.includes('float') === true;
  return isFloat || (operator !== '/' && a.dtype === b.dtype) ? dtype : undefined;
}

function broadcast(
  a: TensorEvaluation,
  b: TensorEvaluation,
  operation: (a: number, b: number) => number,
  dtype: string | undefined,
): Evaluation {
  const rank = Math.max(a.shape.length, b.shape.length);
  const sizeAt = ({ shape }: TensorEvaluation, axis: number): number =>
    shape[axis - rank + shape.length] ?? 1;
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [first, second] = [sizeAt(a, axis), sizeAt(b, axis)];
    if (first !== second && first !== 1 && second !== 1) {
      return unknown(`shapes (${a.shape.join(', ')}) and (${b.shape.join(', ')}) do not fit`);
    }
    shape.push(first === 1 ? second : first);
  }
  const offsets = (operand: TensorEvaluation): ((flat: number) => number) => {
    if (operand.values.length === 1) return () => 0;
    if (operand.shape.join() === shape.join()) return flat => flat;
    return flat => {
      let [rest, offset, stride] = [flat, 0, 1];
      for (let axis = rank - 1; axis >= 0; axis--) {
        const size = shape[axis] as number;
        const own = sizeAt(operand, axis);
        if (own > 1) offset += (rest % size) * stride;
        stride *= own;
        rest = Math.floor(rest / size);
      }
      return offset;
    };
  };
  const [at, bt] = [offsets(a), offsets(b)];
  const made = filledTensor(shape, dtype, i =>
    operation(a.values[at(i)] as number, b.values[bt(i)] as number),
  );
  return made.kind === 'tensor' ? { ...made, values: castTo(made.values, dtype) } : made;
}
