import type { Shape } from '../../src/core/tensor/shape';
import { countText } from '../ui/number';

/** `64 × 3 × 7 × 7`; a scalar has no dimensions to print. */
export function shapeText(shape: Shape): string {
  return shape.length === 0 ? 'scalar' : shape.map(size => countText(size)).join(' × ');
}
