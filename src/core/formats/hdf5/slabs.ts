import type { Shape } from '../../tensor/shape';
import type { ElementRange } from '../catalog';
import { rowMajorStrides } from '../denseEntry';

/** A box of a tensor, which is one run of elements in row-major order. */
export interface Slab {
  readonly start: readonly number[];
  readonly count: readonly number[];
  readonly elements: number;
}

/**
 * Cuts a run of elements into boxes, which is what HDF5 reads.
 * @param most elements of one box
 */
export function* slabsOf(shape: Shape, range: ElementRange, most: number): Generator<Slab> {
  const strides = rowMajorStrides(shape);
  const end = range.start + range.count;
  for (let at = range.start; at < end;) {
    const slab = slabAt(shape, strides, at, end - at, most);
    yield slab;
    at += slab.elements;
  }
}

/** The largest box that starts at an element: whole rows, planes, … where the start and the end allow. */
function slabAt(
  shape: Shape,
  strides: readonly number[],
  at: number,
  left: number,
  most: number,
): Slab {
  const wanted = Math.min(left, most);
  // The outermost axis whose step starts here and fits.
  let axis = strides.findIndex(stride => at % stride === 0 && stride <= wanted);
  if (axis < 0) axis = strides.length;
  const start = shape.map((size, i) => Math.floor(at / (strides[i] as number)) % size);
  const count = shape.map((size, i) => {
    if (i < axis) return 1;
    if (i > axis) return size;
    return Math.min(size - (start[i] as number), Math.floor(wanted / (strides[i] as number)));
  });
  return { start, count, elements: count.reduce((product, n) => product * n, 1) };
}
