import { formatSignificant } from '../../src/core/text/format';
import type { KnownCells } from './cellStore';
import { black, white, type Colormap } from './colormaps';
import type { ColorScale } from './colorScale';
import {
  colourOfSpecial,
  isDark,
  paint,
  specialOf,
  type Rgb,
  type SpecialColours,
  type SpecialKind,
} from './paint';
import type { Viewport } from './viewport';

/** What the theme gives a heatmap. */
export interface HeatmapTheme {
  readonly special: SpecialColours;
  /** Of lines and of what is written beside the cells. */
  readonly text: string;
  readonly background: string;
  readonly focus: string;
  readonly font: string;
}

/** A part of the slice as an image, one pixel a cell. */
export interface Image {
  readonly of: KnownCells;
  readonly scale: ColorScale;
  readonly map: Colormap;
  readonly canvas: OffscreenCanvas;
}

/** Paints what is known once, and again only when it or its colours are others. */
export function imageOf(
  before: Image | undefined,
  of: KnownCells | undefined,
  scale: ColorScale,
  map: Colormap,
  special: SpecialColours,
): Image | undefined {
  if (!of || of.cells.rows === 0 || of.cells.columns === 0) return undefined;
  if (before?.of === of && before.scale === scale && before.map === map) return before;
  const { rows, columns } = of.cells;
  const canvas = new OffscreenCanvas(columns, rows);
  const pixels = new ImageData(paint(of.cells, 0, scale, map, special), columns, rows);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return { of, scale, map, canvas };
}

/** Puts an image where its cells are. Colours are not mixed: what is between two cells is neither. */
export function drawImage(
  context: OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D,
  { of, canvas }: Image,
  { top, left, cellWidth, cellHeight }: Viewport,
): void {
  context.imageSmoothingEnabled = false;
  context.drawImage(
    canvas,
    (of.columns.first - left) * cellWidth,
    (of.rows.first - top) * cellHeight,
    canvas.width * of.columns.block * cellWidth,
    canvas.height * of.rows.block * cellHeight,
  );
}

/** From this size on, in CSS pixels, a cell has its number, … */
const numberWidth = 46;
const numberHeight = 15;
/** … and those that are no numbers have their glyph. */
const glyphSize = 7;

/** What is written into the cells in view: glyphs, and numbers where there is room. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  { of, scale, map }: Image,
  viewport: Viewport,
  extent: { readonly width: number; readonly height: number },
  theme: HeatmapTheme,
): void {
  const width = viewport.cellWidth * of.columns.block;
  const height = viewport.cellHeight * of.rows.block;
  const numbers = width >= numberWidth && height >= numberHeight;
  if (!numbers && Math.min(width, height) < glyphSize) return;
  context.font = theme.font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const { cells } = of;
  const column0 = (of.columns.first - viewport.left) * viewport.cellWidth;
  const row0 = (of.rows.first - viewport.top) * viewport.cellHeight;
  const [firstRow, endRow] = inView(row0, height, extent.height, cells.rows);
  const [firstColumn, endColumn] = inView(column0, width, extent.width, cells.columns);
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      const at = row * cells.columns + column;
      const x = cells.values[at] as number;
      const odd = specialOf(x, cells.odd?.[at] ?? 0);
      if (odd === undefined && !numbers) continue;
      const text = odd === undefined ? formatSignificant(x, 4) : glyphs[odd];
      context.fillStyle = inkOn(
        odd === undefined
          ? isDark(map, scale, x)
          : isDarkRgb(colourOfSpecial(odd, map, theme.special)),
      );
      context.fillText(text, column0 + (column + 0.5) * width, row0 + (row + 0.5) * height, width);
    }
  }
}

/** Those that are no numbers, so that they do not rest on their colour. */
export const glyphs: Readonly<Record<SpecialKind, string>> = {
  nan: '×',
  posInf: '▲',
  negInf: '▼',
};

function inkOn(dark: boolean): string {
  return dark ? white : black;
}

function isDarkRgb([r, g, b]: Rgb): boolean {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
}

/** Cells from `start` on, so many pixels each, that a canvas of some pixels shows. */
function inView(start: number, size: number, pixels: number, count: number): [number, number] {
  return [
    Math.max(0, Math.floor(-start / size)),
    Math.min(count, Math.ceil((pixels - start) / size)),
  ];
}
