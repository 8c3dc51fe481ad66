import { oddBits, type Cells } from '../../src/core/tensor/cells';
import { colours, type Colormap } from './colormaps';
import { colourOf, type ColorScale } from './colorScale';

/** Red, green and blue. */
export type Rgb = readonly [number, number, number];

/** What the theme gives the infinities. */
export interface SpecialColours {
  readonly posInf: Rgb;
  readonly negInf: Rgb;
}

/**
 * Colours of one facet's cells, four bytes each (red, green, blue, alpha), row after row. A cell with a NaN or an
 * infinity in it has the colour of that, so that none hides among a thousand averaged ones.
 */
export function paint(
  cells: Cells,
  facet: number,
  scale: ColorScale,
  map: Colormap,
  special: SpecialColours,
): Uint8ClampedArray<ArrayBuffer> {
  const size = cells.rows * cells.columns;
  const rgba = new Uint8ClampedArray(4 * size);
  const first = facet * size;
  const find = colourFinder(scale);
  const { table } = map;
  for (let i = 0; i < size; i++) {
    const x = cells.values[first + i] as number;
    const odd = specialOf(x, cells.odd?.[first + i] ?? 0);
    if (odd !== undefined) rgba.set(colourOfSpecial(odd, map, special), 4 * i);
    else {
      const at = 3 * find(x);
      rgba[4 * i] = table[at] as number;
      rgba[4 * i + 1] = table[at + 1] as number;
      rgba[4 * i + 2] = table[at + 2] as number;
    }
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

export type SpecialKind = 'nan' | keyof SpecialColours;

export function colourOfSpecial(
  kind: SpecialKind,
  { nan }: Colormap,
  special: SpecialColours,
): Rgb {
  return kind === 'nan' ? nan : special[kind];
}

/** Which of those that are no numbers a cell is, or has among its elements. */
export function specialOf(x: number, odd: number): SpecialKind | undefined {
  if (Number.isNaN(x) || (odd & oddBits.nan) !== 0) return 'nan';
  if (x === Infinity || (odd & oddBits.posInf) !== 0) return 'posInf';
  if (x === -Infinity || (odd & oddBits.negInf) !== 0) return 'negInf';
  return undefined;
}

function colourFinder(scale: ColorScale): (x: number) => number {
  if (scale.linearBelow > 0) return x => colourOf(scale, x);
  const { low, high } = scale;
  const perUnit = colours / (high - low);
  // The range of the largest numbers is infinite.
  if (!(perUnit > 0)) return x => colourOf(scale, x);
  return x => {
    const step = (x - low) * perUnit;
    // Before it is made an integer of 32 bits, where what is far above the range would be anything.
    return step < 0 ? 0 : step >= colours ? colours - 1 : step | 0;
  };
}

/** Whether writing on a colour is better white than black: by its luminance (Rec. 709). */
export function isDark({ table }: Colormap, scale: ColorScale, x: number): boolean {
  const at = 3 * colourOf(scale, x);
  const [r, g, b] = [table[at] as number, table[at + 1] as number, table[at + 2] as number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
}
