// The only file with colours of its own: they stand for numbers, and are the same in every theme.
import {
  interpolateCividis,
  interpolateMagma,
  interpolatePuOr,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';

/** Colours for numbers, from the lowest to the highest. */
export interface Colormap {
  readonly id: string;
  readonly label: string;
  /** Whether its middle stands for zero. */
  readonly diverging: boolean;
  /** Red, green and blue of `colours` steps, evenly apart. */
  readonly table: Uint8Array;
  /** Of a cell that is NaN: none of the map's own, in which it would hide. */
  readonly nan: readonly [number, number, number];
}

export const colours = 256;

/** A colormap is a line here. The first of each kind is the one that is taken where none is chosen. */
export const colormaps: readonly Colormap[] = [
  // Blue is low and red is high, as physicists draw it: the map's own order is the other way round.
  colormap('RdBu', 'blue to red, around zero', true, t => interpolateRdBu(1 - t)),
  colormap('PuOr', 'purple to orange, around zero', true, t => interpolatePuOr(1 - t)),
  colormap('viridis', 'viridis', false, interpolateViridis),
  colormap('cividis', 'cividis', false, interpolateCividis),
  colormap('magma', 'magma', false, interpolateMagma),
];

function colormap(
  id: string,
  label: string,
  diverging: boolean,
  at: (t: number) => string,
): Colormap {
  const table = new Uint8Array(3 * colours);
  for (let i = 0; i < colours; i++) table.set(rgbOf(at(i / (colours - 1))), 3 * i);
  // The middle of those around zero is nearly white; the others begin nearly black.
  return { id, label, diverging, table, nan: diverging ? [0, 0, 0] : [255, 255, 255] };
}

/** Of `rgb(1, 2, 3)` or `#010203`: a map writes one or the other. */
function rgbOf(css: string): readonly number[] {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(css);
  if (hex) return hex.slice(1).map(digits => parseInt(digits, 16));
  return (css.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

/** @param id of a setting: another version may have had others */
export function findColormap(id: string, diverging: boolean): Colormap {
  const found = colormaps.find(map => map.id === id);
  if (found) return found;
  return colormaps.find(map => map.diverging === diverging) as Colormap;
}

/** What is written on a colour: the one that is further from it. */
export const white = '#ffffff';
export const black = '#000000';
