import { drawImage, drawMarks, type HeatmapTheme, type Image } from './drawCells';
import type { LinkedView } from './linkedView';
import type { Extent, Viewport } from './viewport';

/** All that a heatmap's canvas shows. */
export interface Picture {
  /** The whole slice, coarse. */
  readonly overview?: Image | undefined;
  /** The part that is looked at, over it. */
  readonly near?: Image | undefined;
  readonly viewport: Viewport;
  readonly extent: Extent;
  readonly link: LinkedView;
  readonly theme: HeatmapTheme;
}

/** What a picture's pixels follow from, to be compared part by part: where all are the same, so are the pixels. */
export function contentOf({
  overview,
  near,
  viewport,
  extent,
  link,
  theme,
}: Picture): readonly unknown[] {
  const where = [viewport, extent, link.cursor, link.hovered, window.devicePixelRatio];
  return [overview, near, theme, JSON.stringify(where)];
}

export function drawPicture(context: CanvasRenderingContext2D, picture: Picture): void {
  const { overview, near, viewport, extent, theme } = picture;
  context.clearRect(0, 0, extent.width, extent.height);
  if (overview) drawImage(context, overview, viewport);
  if (near) {
    drawImage(context, near, viewport);
    drawMarks(context, near, viewport, extent, theme);
  }
  drawCursors(context, picture);
}

function drawCursors(
  context: CanvasRenderingContext2D,
  { link, viewport, extent, theme }: Picture,
): void {
  if (extent.rows === 0 || extent.columns === 0) return;
  const { left, top, cellWidth, cellHeight } = viewport;
  for (const [cell, dashed] of [
    [link.hovered, true],
    [link.cursor, false],
  ] as const) {
    if (!cell) continue;
    const box = [
      (cell.column - left) * cellWidth - 0.5,
      (cell.row - top) * cellHeight - 0.5,
      Math.max(cellWidth, 3) + 1,
      Math.max(cellHeight, 3) + 1,
    ] as const;
    context.setLineDash(dashed ? [3, 2] : []);
    context.lineWidth = 3;
    context.strokeStyle = theme.background;
    context.strokeRect(...box);
    context.lineWidth = 1.5;
    context.strokeStyle = dashed ? theme.text : theme.focus;
    context.strokeRect(...box);
  }
  context.setLineDash([]);
}
