import { fail, ok, type Result } from '../core/problem';
import { formatShape, sizeOf, type Shape } from '../core/tensor/shape';
import type { ElementRange } from '../protocol/engine';

/** @returns a problem where a tensor of this shape has no such elements */
export function checkRange({ start, count }: ElementRange, shape: Shape): Result<null> {
  const size = sizeOf(shape);
  const whole = Number.isInteger(start) && Number.isInteger(count);
  if (whole && start >= 0 && count >= 0 && start + count <= size) return ok(null);
  return fail(
    'range-invalid',
    `Elements ${start} to ${start + count} were asked for, and ${formatShape(shape)} has ${size}.`,
  );
}
