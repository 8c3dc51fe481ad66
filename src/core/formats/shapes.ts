import { formatShape, type Shape } from '../tensor/shape';
import { refuse } from './badFile';
import { mostDimensions, mostListedElements } from './limits';

/**
 * Checks dimensions that a file states.
 * @param tensor its name, for the message
 * @returns the number of elements, an exact integer
 */
export function checkShape(shape: Shape, tensor: string): number {
  // Put into words only where it is needed: a file has thousands of tensors.
  const where = (): string => `the tensor ${quoted(tensor)}`;
  if (shape.length > mostDimensions) {
    refuse(
      'shape-invalid',
      `${where()} has ${shape.length} dimensions, and ${mostDimensions} is the most.`,
    );
  }
  let elements = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      refuse(
        'shape-invalid',
        `${where()} has a dimension of ${String(dimension)}: 0, 1, 2, … are.`,
      );
    }
    elements *= dimension;
    // Checked as it grows, so that a 0 further on cannot hide an overflow.
    if (elements > mostListedElements) {
      refuse(
        'shape-invalid',
        `${where()} has the shape ${formatShape(shape)}, which is impossible.`,
      );
    }
  }
  return elements;
}

/** A name that a file gives, for a message: cut, and with control characters escaped. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
