import { PickleCall, PickleSequence, type PickleValue } from '../pickle/values';
import { bytesOf, wholeNumbers } from './arguments';
import type { PickledArray } from './pickledTensor';

/**
 * An array of NumPy's: `_reconstruct(…)` with the state `(version, shape, dtype, fortran order, bytes)`, or
 * `_frombuffer(bytes, dtype, shape, order)` in protocol 5. Source: numpy/_core/src/multiarray/methods.c.
 */
export function rebuildArray({ args, state, path }: PickleCall): PickledArray | undefined {
  if (path.endsWith('_frombuffer')) {
    const [content, dtype, shape, order] = args;
    return arrayOf(shape, dtype, order === 'F', content);
  }
  const [, shape, dtype, fortranOrder, content] =
    state instanceof PickleSequence ? state.items : [];
  return arrayOf(shape, dtype, fortranOrder === true || fortranOrder === 1, content);
}

function arrayOf(
  size: PickleValue | undefined,
  dtype: PickleValue | undefined,
  fortranOrder: boolean,
  content: PickleValue | undefined,
): PickledArray | undefined {
  const [shape, descr] = [wholeNumbers(size), descrOf(dtype)];
  if (!shape || descr === undefined) return undefined;
  // Arrays of objects have a list here: there are no bytes to read.
  return { kind: 'array', descr, shape, fortranOrder, bytes: bytesOf(content) ?? new Uint8Array() };
}

/** `dtype('f4', False, True)` with the state `(3, '<', …)` is `<f4`. */
function descrOf(value: PickleValue | undefined): string | undefined {
  if (!(value instanceof PickleCall) || value.path !== 'numpy.dtype') return undefined;
  const [name] = value.args;
  if (typeof name !== 'string') return undefined;
  const order = value.state instanceof PickleSequence ? value.state.items[1] : undefined;
  return (typeof order === 'string' && /^[<>|=]$/.test(order) ? order : '') + name.slice(0, 40);
}
