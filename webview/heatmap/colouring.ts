import type { ScaleKind } from '../../src/protocol/pictures/slice';
import { findColormap, type Colormap } from './colormaps';
import { colorScale, type ColorScale, type Reach } from './colorScale';

/** Colours for the values of one tensor, or of several that share a scale. */
export interface Colouring {
  readonly scale: ColorScale;
  readonly map: Colormap;
}

export interface ColouringWish {
  /** What the values are like, of all that share the scale. */
  readonly spread: Reach;
  readonly kind: ScaleKind;
  /** Of the page's list, or `auto`. */
  readonly colormap: string;
  /** Whether zero is in the middle whatever the values are: they are differences. */
  readonly isDifference: boolean;
}

interface Made {
  readonly key: string;
  readonly colouring: Colouring;
}

/** Those last made, so that what they painted is not painted again. */
const made = new WeakMap<object, Map<string, Made>>();

/**
 * How values are coloured: the same object for as long as the wish is the same.
 * @param owner whose subjects these are
 */
export function colouringFor(owner: object, subject: string, wish: ColouringWish): Colouring {
  const key = JSON.stringify(wish);
  const known = made.get(owner) ?? new Map<string, Made>();
  made.set(owner, known);
  const before = known.get(subject);
  if (before?.key === key) return before.colouring;
  const { spread, kind, colormap, isDifference } = wish;
  const map = findColormap(colormap, isDifference || (spread.min < 0 && spread.max > 0));
  const colouring = { map, scale: colorScale(spread, kind, map.diverging) };
  known.set(subject, { key, colouring });
  return colouring;
}
