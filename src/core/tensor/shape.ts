import { fail, ok, type Result } from '../problem';

/** Dimension sizes, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements: the product of the dimensions (1 for a scalar, 0 when any dimension is 0). */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/** Turns a possibly negative axis into 0…rank−1, or says which axes the shape has. */
export function resolveAxis(shape: Shape, axis: number): Result<number> {
  const rank = shape.length;
  if (rank === 0) {
    return fail(
      'axis-out-of-range',
      'The tensor is a single number, of shape []: it has no axis that could hold channels, and batch norm needs one.',
    );
  }
  const resolved = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || resolved < 0 || resolved >= rank) {
    return fail(
      'axis-out-of-range',
      `Axis ${axis} does not exist in shape ${formatShape(shape)}: use ${-rank} to ${rank - 1}.`,
    );
  }
  return ok(resolved);
}

/**
 * A row-major tensor seen as `[outer, channels, inner]`, which is all that batch norm needs to
 * know of any rank and any channel axis: element `(o, c, i)` is at `(o * channels + c) * inner + i`.
 */
export interface ChannelLayout {
  readonly outer: number;
  readonly channels: number;
  readonly inner: number;
}

/** @param axis resolved channel axis, 0…rank−1 */
export function channelLayout(shape: Shape, axis: number): ChannelLayout {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < axis; i++) outer *= shape[i] as number;
  for (let i = axis + 1; i < shape.length; i++) inner *= shape[i] as number;
  return { outer, channels: shape[axis] ?? 1, inner };
}

/** Elements that share a channel. */
export function countPerChannel(layout: ChannelLayout): number {
  return layout.outer * layout.inner;
}

/** Row-major flat index of a multi-index, which must be in range. */
export function flatIndex(shape: Shape, index: readonly number[]): number {
  return index.reduce((flat, i, axis) => flat * (shape[axis] ?? 1) + i, 0);
}

/** Multi-index of a row-major flat index. */
export function multiIndex(shape: Shape, flat: number): number[] {
  const index: number[] = new Array<number>(shape.length).fill(0);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}

/** Flat index of the k-th element (0-based, row-major order) of one channel. */
export function elementOfChannel(layout: ChannelLayout, channel: number, k: number): number {
  const outer = Math.floor(k / layout.inner);
  return (outer * layout.channels + channel) * layout.inner + (k % layout.inner);
}

/** Conventional one-letter names for the axes (`N H W C`), given where the channels are. */
export function axisNames(shape: Shape, channelAxis: number): string[] {
  const rank = shape.length;
  if (rank === 1) return [channelAxis === 0 ? 'C' : 'N'];
  const spatial = ['L', 'HW', 'DHW'][rank - 3] ?? '';
  let next = 0;
  return shape.map((_, axis) => {
    if (axis === channelAxis) return 'C';
    if (axis === 0) return 'N';
    const name = spatial[next++];
    return name ?? `d${axis}`;
  });
}
