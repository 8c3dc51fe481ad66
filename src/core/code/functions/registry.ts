import { castTo, dtypeOf } from '../dtypes';
import { asTensor, unknown } from '../evaluation';
import type { LibraryFunction } from './callable';
import { creation } from './creation';
import { random } from './random';

const functions: ReadonlyMap<string, LibraryFunction> = new Map([...creation, ...random]);

/** `np.float32(0.5)`: a cast of one number or of a tensor. */
const castFunction: LibraryFunction = ({ positional: [value] }, path) => {
  const tensor = value && asTensor(value);
  const dtype = dtypeOf(path);
  if (!tensor) return unknown('what it holds is not known');
  const values = castTo(tensor.values, dtype);
  const [only] = values;
  if (tensor.shape.length === 0 && only !== undefined) return { kind: 'number', value: only };
  return { ...tensor, dtype, values };
};

/** @param path a dotted name, as spelled: its last part says which function is meant */
export function libraryFunction(path: string): LibraryFunction | undefined {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return functions.get(last) ?? (dtypeOf(last) === undefined ? undefined : castFunction);
}

/** Whether a name is that of a function that makes a tensor: worth evaluating where it is met. */
export function makesTensor(path: string): boolean {
  return functions.has(path.slice(path.lastIndexOf('.') + 1));
}

/** Whether a function's values differ from run to run. */
export function drawsRandom(path: string): boolean {
  return random.has(path.slice(path.lastIndexOf('.') + 1));
}
