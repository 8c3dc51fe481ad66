import { dtypeOf } from '../dtypes';
import type { Evaluation } from '../evaluation';

/** The arguments of a call, evaluated. */
export interface Arguments {
  readonly positional: readonly Evaluation[];
  readonly named: ReadonlyMap<string, Evaluation>;
}

/** A function of a library, by what it makes of its arguments. @param path its dotted name, as spelled */
export type LibraryFunction = (given: Arguments, path: string) => Evaluation;

/** A method. @param of what it is called on */
export type Method = (of: Evaluation, given: Arguments) => Evaluation;

/** The argument at a place, or of one of these names. */
export function argument(
  { positional, named }: Arguments,
  index: number,
  ...names: readonly string[]
): Evaluation | undefined {
  for (const name of names) {
    const value = named.get(name);
    if (value) return value;
  }
  return positional[index];
}

export function numberArgument(value: Evaluation | undefined): number | undefined {
  if (value?.kind === 'number') return value.value;
  return value?.kind === 'tensor' && value.values.length === 1 ? value.values[0] : undefined;
}

/** The dtype that an argument names: `np.float32`, `'float32'`, `float`. */
export function dtypeArgument(value: Evaluation | undefined): string | undefined {
  if (value?.kind === 'name') return dtypeOf(value.path);
  return value?.kind === 'string' ? dtypeOf(value.value) : undefined;
}

/** float32 in the libraries that make it unless told otherwise; NumPy's float64 needs no rounding. */
export function defaultDType(path: string): string | undefined {
  return /^(?:torch|tf|tensorflow|jnp|jax|keras|K|ops)\b/.test(path) ? 'float32' : undefined;
}
