import { operate, type Operator } from '../arithmetic';
import { castTo, dtypeOf } from '../dtypes';
import { asDimensions, unknown, type Evaluation, type TensorEvaluation } from '../evaluation';
import { dtypeArgument, type Arguments, type Method } from './callable';

/** A method of tensors alone. */
function ofTensor(run: (of: TensorEvaluation, given: Arguments) => Evaluation): Method {
  return (of, given) => (of.kind === 'tensor' ? run(of, given) : unknown('it is no tensor'));
}

function castBy(name: string): Method {
  const dtype = dtypeOf(name);
  return ofTensor(of => cast(of, dtype));
}

function cast(of: TensorEvaluation, dtype: string | undefined): TensorEvaluation {
  return dtype === undefined ? of : { ...of, dtype, values: castTo(of.values, dtype) };
}

/** `.astype(np.float32)`, `.to('cuda', torch.half)`: what is no dtype is a device. */
const castByArgument: Method = ofTensor((of, { positional, named }) => {
  const dtypes = [...positional, ...named.values()].map(dtypeArgument);
  return cast(
    of,
    dtypes.find(dtype => dtype !== undefined),
  );
});

/** Sizes one by one or as a list; one −1 stands for what is left. */
const reshape: Method = ofTensor((of, { positional, named }) => {
  const [first] = [named.get('shape'), named.get('newshape'), ...positional].filter(value => value);
  const shape = positional.length > 1 ? sizesOf(positional) : first && asDimensions(first);
  if (!shape) return unknown('the shape that it is given is not known');
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const filled = shape.map(size => (size === -1 ? of.values.length / known : size));
  const size = filled.reduce((product, dimension) => product * dimension, 1);
  const whole = filled.every(dimension => Number.isInteger(dimension) && dimension >= 0);
  if (!whole || size !== of.values.length) {
    return unknown(`${of.values.length} elements do not make (${shape.join(', ')})`);
  }
  return { ...of, shape: filled };
});

function sizesOf(values: readonly Evaluation[]): number[] | undefined {
  const sizes = values.flatMap(value => (value.kind === 'number' ? [value.value] : []));
  return sizes.length === values.length ? sizes : undefined;
}

/** NumPy's `transpose`, PyTorch's `permute`; without axes it turns them all around. */
const permute: Method = ofTensor((of, { positional }) => {
  const [first] = positional;
  const given = positional.length > 1 ? sizesOf(positional) : first && asDimensions(first);
  const rank = of.shape.length;
  const axes = (given ?? of.shape.map((_, i) => rank - 1 - i)).map(axis =>
    axis < 0 ? axis + rank : axis,
  );
  const valid = axes.length === rank && of.shape.every((_, axis) => axes.includes(axis));
  return valid ? transposed(of, axes) : unknown(`(${axes.join(', ')}) are not its axes`);
});

/** @param axes of `of`, in their new order */
export function transposed(of: TensorEvaluation, axes: readonly number[]): TensorEvaluation {
  const strides = of.shape.map((_, axis) =>
    of.shape.slice(axis + 1).reduce((product, size) => product * size, 1),
  );
  const shape = axes.map(axis => of.shape[axis] as number);
  const values = of.values.map((_, flat) => {
    let [rest, offset] = [flat, 0];
    for (let i = axes.length - 1; i >= 0; i--) {
      const size = shape[i] as number;
      offset += (rest % size) * (strides[axes[i] as number] as number);
      rest = Math.floor(rest / size);
    }
    return of.values[offset] as number;
  });
  return { ...of, shape, values };
}

const flatten: Method = ofTensor(of => ({ ...of, shape: [of.values.length] }));

const squeeze: Method = ofTensor((of, { positional }) =>
  positional.length > 0
    ? unknown('squeeze of one axis is not evaluated')
    : { ...of, shape: of.shape.filter(size => size !== 1) },
);

const same: Method = of => of;

function arithmetic(operator: Operator): Method {
  return (of, { positional: [other] }) =>
    other ? operate(operator, of, other) : unknown('it has no operand');
}

/** By name; what a tensor does not change by keeps it. */
export const methods: ReadonlyMap<string, Method> = new Map([
  ['astype', castByArgument],
  ['to', castByArgument],
  ['type', castByArgument],
  ['cast', castByArgument],
  ...['float', 'double', 'half', 'bfloat16', 'int', 'long', 'short', 'bool'].map(
    (name): [string, Method] => [name, castBy(name)],
  ),
  ['reshape', reshape],
  ['view', reshape],
  ['permute', permute],
  ['transpose', permute],
  ['flatten', flatten],
  ['ravel', flatten],
  ['squeeze', squeeze],
  ...'numpy detach clone copy cpu cuda contiguous tolist requires_grad_ eval arraySync dataSync'
    .split(' ')
    .map((name): [string, Method] => [name, same]),
  ['mul', arithmetic('*')],
  ['add', arithmetic('+')],
  ['sub', arithmetic('-')],
  ['div', arithmetic('/')],
]);
