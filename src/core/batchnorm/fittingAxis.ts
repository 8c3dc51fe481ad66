import type { Result } from '../problem';
import type { Shape } from '../tensor/shape';
import type { Convention } from './convention';
import { resolveLayer, type ResolvedLayer, type Statement } from './statement';

/**
 * As the statement says; where it states no axis and its parameters do not fit the convention's own, on the
 * only other axis that they fit. That it is another is the finding `wrong-axis`, which needs a layer to be of.
 * @param fallback the convention where the statement names none
 */
export function resolveOnFittingAxis(
  statement: Statement,
  shape: Shape,
  fallback: Convention,
): Result<ResolvedLayer> {
  const asStated = resolveLayer(statement, shape, fallback);
  if (asStated.ok || statement.channelAxis !== undefined) return asStated;
  const lengths = Object.values(statement.parameters).map(({ length }) => length);
  const channels = Math.max(0, ...lengths);
  // Samples are on axis 0, whatever the layout.
  const axes = shape.flatMap((size, axis) => (size === channels && axis > 0 ? [axis] : []));
  const [channelAxis] = axes;
  if (channelAxis === undefined || channels < 2 || axes.length > 1) return asStated;
  const elsewhere = resolveLayer({ ...statement, channelAxis }, shape, fallback);
  return elsewhere.ok ? elsewhere : asStated;
}
