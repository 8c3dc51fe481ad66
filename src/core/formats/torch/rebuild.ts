import {
  PickleCall,
  PickleDict,
  PickleGlobal,
  PickleSequence,
  type PickleValue,
} from '../pickle/values';
import { count, storageOf, torchName, wholeNumbers } from './arguments';
import { rebuildArray } from './numpy';
import type { OtherTensor, PickledTensor, StridedTensor } from './pickledTensor';

type Rebuild = (args: readonly PickleValue[], call: PickleCall) => PickledTensor | undefined;

/**
 * Functions that torch and NumPy put tensors together with, read instead of called.
 * Source: torch/_utils.py, torch/_tensor.py (PyTorch 0.4 to 2.13).
 */
const rebuilders: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  [
    'torch._utils._rebuild_tensor',
    ([storage, offset, shape, strides]) => strided(storage, offset, shape, strides),
  ],
  [
    'torch._utils._rebuild_tensor_v2',
    ([storage, offset, shape, strides, , , metadata]) =>
      strided(storage, offset, shape, strides, undefined, metadata),
  ],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , dtype, metadata]) =>
      strided(storage, offset, shape, strides, torchName(dtype), metadata),
  ],
  ['torch._utils._rebuild_parameter', inner],
  ['torch._utils._rebuild_parameter_with_state', inner],
  ['torch._tensor._rebuild_from_type', fromType],
  ['torch._tensor._rebuild_from_type_v2', fromType],
  ['torch._utils._rebuild_qtensor', quantised],
  ['torch._utils._rebuild_sparse_tensor', sparse],
  ['torch._utils._rebuild_sparse_csr_tensor', sparse],
  ['torch._utils._rebuild_meta_tensor_no_storage', meta],
  ['torch._utils._rebuild_wrapper_subclass', wrapped],
  ['torch._utils._rebuild_nested_tensor', () => other([], 'nested', 'it is a nested tensor')],
  ['torch._utils._rebuild_device_tensor_from_numpy', ([array]) => tensorOf(array)],
  ['numpy.core.multiarray._reconstruct', (_args, call) => rebuildArray(call)],
  ['numpy._core.multiarray._reconstruct', (_args, call) => rebuildArray(call)],
  ['numpy.core.numeric._frombuffer', (_args, call) => rebuildArray(call)],
  ['numpy._core.numeric._frombuffer', (_args, call) => rebuildArray(call)],
]);

/** The tensor that a value is; undefined where it is none. */
export function tensorOf(value: PickleValue | undefined): PickledTensor | undefined {
  let current = value;
  // A parameter in a subclass in …: three or four levels at most, in files that mean well.
  for (let level = 0; level < 10 && current instanceof PickleCall; level++) {
    const rebuild = rebuilders.get(current.path);
    if (rebuild === undefined) return undefined;
    if (rebuild === inner) current = current.args[0];
    else if (rebuild === fromType) current = calledByType(current);
    else return rebuild(current.args, current);
  }
  return undefined;
}

/** Stands for its first argument; `tensorOf` goes on with it. */
function inner(): undefined {
  return undefined;
}

/** `(function, class, arguments, state)`: a subclass of Tensor, or a tensor with attributes. */
function fromType(): undefined {
  return undefined;
}

function calledByType({ args: [rebuild, , args] }: PickleCall): PickleCall | undefined {
  return rebuild instanceof PickleGlobal && args instanceof PickleSequence
    ? new PickleCall(rebuild, args.items)
    : undefined;
}

function strided(
  storage: PickleValue | undefined,
  offset: PickleValue | undefined,
  size: PickleValue | undefined,
  stride: PickleValue | undefined,
  dtype?: string,
  metadata?: PickleValue,
): StridedTensor | undefined {
  const held = storageOf(storage);
  const [first, shape, strides] = [count(offset), wholeNumbers(size), wholeNumbers(stride)];
  if (!held || first === undefined || !shape || !strides) return undefined;
  if (shape.length !== strides.length || strides.some(step => step < 0)) return undefined;
  return {
    kind: 'strided',
    storage: held,
    dtype: dtype ?? held.dtype ?? 'bytes',
    offset: first + held.viewOffset,
    shape,
    strides,
    conjugate: isSet(metadata, 'conj'),
    negative: isSet(metadata, 'neg'),
  };
}

function isSet(metadata: PickleValue | undefined, name: string): boolean {
  return metadata instanceof PickleDict && metadata.get(name) === true;
}

function other(shape: readonly number[] | undefined, dtype: string, reason: string): OtherTensor {
  return { kind: 'other', shape: shape ?? [], dtype, reason };
}

/** `(storage, offset, size, stride, (scheme, scale, zero point), …)`. */
function quantised([storage, offset, size, stride, quantiser]: readonly PickleValue[]):
  PickledTensor | undefined {
  const plain = strided(storage, offset, size, stride);
  const [scheme, scale, zeroPoint] = quantiser instanceof PickleSequence ? quantiser.items : [];
  if (!plain) return undefined;
  if (
    torchName(scheme) !== 'per_tensor_affine' ||
    typeof scale !== 'number' ||
    typeof zeroPoint !== 'number'
  ) {
    return other(plain.shape, plain.dtype, 'it is quantised with a scale for each channel');
  }
  return { ...plain, quantised: { scale, zeroPoint } };
}

/** Indices, values and a size of a sparse tensor: four or five, in files that mean well. */
const mostParts = 8;

/** `(layout, (indices, values, size, …))`. */
function sparse([, data]: readonly PickleValue[]): OtherTensor {
  const items = data instanceof PickleSequence ? data.items.slice(0, mostParts) : [];
  // Indices come before the values, whatever the layout.
  const values = items
    .map(item => tensorOf(item))
    .filter(tensor => tensor !== undefined)
    .at(-1);
  const shape = items.map(item => wholeNumbers(item)).find(size => size !== undefined);
  return other(
    shape,
    values?.kind === 'strided' ? values.dtype : 'sparse',
    'it is a sparse tensor',
  );
}

/** `(dtype, size, stride, requires_grad)`. */
function meta([dtype, size]: readonly PickleValue[]): OtherTensor {
  return other(
    wholeNumbers(size),
    torchName(dtype) ?? 'meta',
    'it was saved without its values (on the meta device)',
  );
}

/** `(class, dtype, size, …)`. */
function wrapped([type, dtype, size]: readonly PickleValue[]): OtherTensor {
  const name = type instanceof PickleGlobal ? type.path : 'a class of its own';
  return other(wholeNumbers(size), torchName(dtype) ?? 'unknown', `it is an object of ${name}`);
}
