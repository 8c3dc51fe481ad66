import { fail, ok, type Result } from '../core/problem';

/** A float32 array, or a problem where there is no memory for it. */
export function allocateFloat32(elements: number): Result<Float32Array> {
  try {
    return ok(new Float32Array(elements));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(
      'out-of-memory',
      `There is not enough memory for ${elements} elements (${elements * 4} bytes): close other inspections, or use a part of the tensor.`,
    );
  }
}

/** A float32 copy, or a problem where there is no memory for it. */
export function toFloat32(values: ArrayLike<number>): Result<Float32Array> {
  const allocated = allocateFloat32(values.length);
  if (allocated.ok) allocated.value.set(values);
  return allocated;
}
