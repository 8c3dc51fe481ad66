/**
 * The `d` of a path through points in pixels. A point that is not finite is a gap; a point alone between
 * gaps is a dot, which a round line cap makes visible.
 */
export function linePath(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  let path = '';
  let pen = false;
  for (let i = 0; i < xs.length; i++) {
    const [px, py] = [x(xs[i] as number), y(ys[i] as number)];
    if (!Number.isFinite(px) || !Number.isFinite(py)) {
      pen = false;
      continue;
    }
    const at = `${px.toFixed(1)} ${py.toFixed(1)}`;
    path += pen ? `L${at}` : `M${at}l0 0`;
    pen = true;
  }
  return path;
}

/** The value of a line at a place between its points; NaN outside it. */
export function valueAt(xs: ArrayLike<number>, ys: ArrayLike<number>, x: number): number {
  for (let i = 1; i < xs.length; i++) {
    const [x0, x1] = [xs[i - 1] as number, xs[i] as number];
    if (x < x0 || x > x1) continue;
    const [y0, y1] = [ys[i - 1] as number, ys[i] as number];
    return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return NaN;
}
