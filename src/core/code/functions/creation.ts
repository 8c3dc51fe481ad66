import { castTo } from '../dtypes';
import {
  asDimensions,
  asTensor,
  filledTensor,
  unknown,
  type Evaluation,
  type TensorEvaluation,
} from '../evaluation';
import {
  argument,
  defaultDType,
  dtypeArgument,
  numberArgument,
  type Arguments,
  type LibraryFunction,
} from './callable';

const noNumbers = 'its arguments are not plain numbers';

/** `np.ones((2, 3))`, `torch.ones(2, 3)`, `tf.ones([2, 3])`. */
function filled(value: number): LibraryFunction {
  return (given, path) => {
    // PyTorch takes sizes one by one.
    const sizes = given.positional.filter(({ kind }) => kind === 'number');
    const torch = path.startsWith('torch.') && sizes.length > 1;
    const first = argument(given, 0, 'shape', 'size');
    const shape = torch
      ? sizes.map(size => numberArgument(size) as number)
      : first && asDimensions(first);
    if (!shape) return unknown('its shape is not known');
    return filledTensor(shape, dtypeOfCall(given, path, torch ? undefined : 1), () => value);
  };
}

/** `np.full((2, 3), 7.)`, and `tf.fill([2, 3], 7.)`. */
const full: LibraryFunction = (given, path) => {
  const [sizes, value] = [
    argument(given, 0, 'shape', 'size', 'dims'),
    numberArgument(argument(given, 1, 'fill_value', 'value')),
  ];
  const shape = sizes && asDimensions(sizes);
  if (!shape || value === undefined) return unknown(noNumbers);
  return cast(filledTensor(shape, dtypeOfCall(given, path, 2), () => value));
};

function filledLike(value: number): LibraryFunction {
  return given => {
    const like = tensorArgument(given);
    if (!like) return unknown('the tensor that it is like is not known');
    const dtype = dtypeArgument(given.named.get('dtype')) ?? like.dtype;
    return filledTensor(like.shape, dtype, () => value);
  };
}

const fullLike: LibraryFunction = given => {
  const like = tensorArgument(given);
  const value = numberArgument(argument(given, 1, 'fill_value'));
  if (!like || value === undefined) return unknown(noNumbers);
  return cast(filledTensor(like.shape, like.dtype, () => value));
};

/** Half-open, as Python's own; a float step counts as NumPy counts it: the ceiling of the quotient. */
const range: LibraryFunction = (given, path) => {
  const limits = ['start', 'stop', 'step'].map((name, i) =>
    numberArgument(argument(given, i, name)),
  );
  const count = given.positional.filter(({ kind }) => kind === 'number').length;
  const [first, second, step = 1] = limits;
  const [start, stop] = count === 1 && second === undefined ? [0, first] : [first ?? 0, second];
  if (stop === undefined || step === 0) return unknown(noNumbers);
  const length = Math.max(0, Math.ceil((stop - start) / step));
  const dtype = dtypeArgument(argument(given, 3, 'dtype'));
  const whole = [start, stop, step].every(Number.isInteger);
  return cast(
    filledTensor([length], dtype ?? (whole ? 'int64' : defaultDType(path)), i => start + i * step),
  );
};

/** Both ends are in it, unless NumPy is told `endpoint=False`. */
const linspace: LibraryFunction = (given, path) => {
  const start = numberArgument(argument(given, 0, 'start'));
  const stop = numberArgument(argument(given, 1, 'stop', 'end'));
  const stated = numberArgument(argument(given, 2, 'num', 'steps'));
  // NumPy makes 50 where nothing is said; PyTorch 1 made 100, and later ones demand it.
  const count = stated ?? (path.startsWith('torch.') ? undefined : 50);
  if (start === undefined || stop === undefined || count === undefined) return unknown(noNumbers);
  const endpoint = given.named.get('endpoint');
  const open = endpoint?.kind === 'boolean' && !endpoint.value;
  const step = (stop - start) / Math.max(1, open ? count : count - 1);
  const dtype = dtypeArgument(given.named.get('dtype')) ?? defaultDType(path);
  return cast(
    filledTensor([count], dtype, i =>
      !open && i > 0 && i === count - 1 ? stop : start + i * step,
    ),
  );
};

const identity: LibraryFunction = (given, path) => {
  const rows = numberArgument(argument(given, 0, 'N', 'n', 'num_rows'));
  const columns = numberArgument(argument(given, 1, 'M', 'm', 'num_columns')) ?? rows;
  if (rows === undefined || columns === undefined) return unknown(noNumbers);
  const dtype = dtypeArgument(given.named.get('dtype')) ?? defaultDType(path);
  return filledTensor([rows, columns], dtype, i => Number(Math.floor(i / columns) === i % columns));
};

/** What takes a nested list, or another tensor: `np.array`, `torch.tensor`, `tf.constant`, `nn.Parameter`. */
const array: LibraryFunction = (given, path) => {
  const tensor = tensorArgument(given);
  if (!tensor)
    return (
      given.positional.find(({ kind }) => kind === 'unknown') ??
      unknown('what it holds is not known')
    );
  const [second] = given.positional.slice(1);
  const dtype = dtypeArgument(given.named.get('dtype')) ?? dtypeArgument(second) ?? tensor.dtype;
  const made = cast({ ...tensor, dtype: dtype ?? defaultDType(path) });
  const sizes = given.named.get('shape') ?? (second && asDimensions(second) ? second : undefined);
  const shape = sizes && asDimensions(sizes);
  if (!shape || made.kind !== 'tensor') return made;
  // tf.constant(2., shape=[4]) repeats one value.
  const [only] = made.values;
  if (made.values.length === 1 && only !== undefined)
    return filledTensor(shape, made.dtype, () => only);
  const fits = shape.reduce((product, size) => product * size, 1) === made.values.length;
  return fits
    ? { ...made, shape }
    : unknown(`${made.values.length} values do not make (${shape.join(', ')})`);
};

/** `np.expand_dims(x, 0)`, `torch.unsqueeze(x, 0)`: one more axis, of size 1. */
const expanded: LibraryFunction = given => {
  const tensor = tensorArgument(given);
  const axis = numberArgument(argument(given, 1, 'axis', 'dim'));
  const rank = tensor?.shape.length ?? 0;
  if (!tensor || axis === undefined || axis < -rank - 1 || axis > rank) return unknown(noNumbers);
  const at = axis < 0 ? axis + rank + 1 : axis;
  return { ...tensor, shape: [...tensor.shape.slice(0, at), 1, ...tensor.shape.slice(at)] };
};

/** `FloatTensor`, `Float32Array`: their name says the dtype. */
function arrayOf(dtype: string): LibraryFunction {
  return given => {
    const tensor = tensorArgument(given);
    return tensor ? cast({ ...tensor, dtype }) : unknown('what it holds is not known');
  };
}

function tensorArgument(given: Arguments): TensorEvaluation | undefined {
  const value = argument(
    given,
    0,
    'object',
    'data',
    'value',
    'values',
    'input',
    'a',
    'initial_value',
  );
  return value && asTensor(value);
}

function dtypeOfCall(
  given: Arguments,
  path: string,
  index: number | undefined,
): string | undefined {
  const positional = index === undefined ? undefined : given.positional[index];
  return dtypeArgument(given.named.get('dtype') ?? positional) ?? defaultDType(path);
}

function cast(made: Evaluation): Evaluation {
  return made.kind === 'tensor' ? { ...made, values: castTo(made.values, made.dtype) } : made;
}

/** By the last part of their name: modules are imported under many. */
export const creation: ReadonlyMap<string, LibraryFunction> = new Map([
  ['ones', filled(1)],
  ['zeros', filled(0)],
  ['full', full],
  ['fill', full],
  ['ones_like', filledLike(1)],
  ['zeros_like', filledLike(0)],
  ['onesLike', filledLike(1)],
  ['zerosLike', filledLike(0)],
  ['full_like', fullLike],
  ['arange', range],
  ['range', range],
  ['linspace', linspace],
  ['eye', identity],
  ['identity', identity],
  ...['expand_dims', 'unsqueeze', 'expandDims'].map((name): [string, LibraryFunction] => [
    name,
    expanded,
  ]),
  ...['array', 'asarray', 'tensor', 'as_tensor', 'constant', 'convert_to_tensor', 'Variable'].map(
    (name): [string, LibraryFunction] => [name, array],
  ),
  ...['variable', 'Parameter', 'from_numpy', 'tensor1d', 'tensor2d', 'tensor3d', 'tensor4d'].map(
    (name): [string, LibraryFunction] => [name, array],
  ),
  ...[
    ['FloatTensor', 'float32'],
    ['DoubleTensor', 'float64'],
    ['HalfTensor', 'float16'],
    ['LongTensor', 'int64'],
    ['IntTensor', 'int32'],
    ['Float32Array', 'float32'],
    ['Float64Array', 'float64'],
    ['Int32Array', 'int32'],
  ].map(([name, dtype]): [string, LibraryFunction] => [name as string, arrayOf(dtype as string)]),
]);
