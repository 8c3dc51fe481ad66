import type { CellSpread } from '../../src/core/statistics/cellSpread';
import type { ScaleKind } from '../../src/protocol/pictures/slice';
import { colours } from './colormaps';

/** What a scale is made of. */
export type Reach = Pick<CellSpread, 'finite' | 'min' | 'max' | 'low' | 'high'>;

/** From numbers to colours: `position` is 0 at the low end and 1 at the high one, and beyond them outside. */
export interface ColorScale {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** Below this a symmetric logarithm is linear. 0 where the scale is linear. */
  readonly linearBelow: number;
  /** What to say of it where it is not the plain range of the values; empty where it is. */
  readonly note: string;
}

/**
 * The scale for values like these.
 * @param diverging whether zero is to have the middle colour
 */
export function colorScale(spread: Reach, kind: ScaleKind, diverging: boolean): ColorScale {
  if (spread.finite === 0) {
    return { kind, low: 0, high: 1, linearBelow: 0, note: 'no value is finite' };
  }
  const [low, high] = kind === 'robust' ? [spread.low, spread.high] : [spread.min, spread.max];
  const furthest = Math.max(Math.abs(low), Math.abs(high));
  const note = low === high ? 'all values are the same' : '';
  const [from, to] = diverging ? [-furthest, furthest] : [low, high];
  // A constant has a colour in the middle of a range around it.
  const half = from === to ? Math.max(Math.abs(from) / 2, 0.5) : 0;
  const linearBelow = kind === 'symlog' ? linearPart(furthest) : 0;
  return { kind, low: from - half, high: to + half, linearBelow, note };
}

/** Decades that a symmetric logarithm shows on each side. */
const decades = 4;

function linearPart(furthest: number): number {
  return furthest > 0 ? furthest / 10 ** decades : 1;
}

/** The scale that serves two sets of values. */
export function joinSpreads(a: Reach, b: Reach): Reach {
  if (a.finite === 0) return b;
  if (b.finite === 0) return a;
  return {
    finite: a.finite + b.finite,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
  };
}

/** 0 at the low end, 1 at the high one; NaN of NaN. */
export function positionOn(scale: ColorScale, x: number): number {
  const { linearBelow } = scale;
  const [low, high, at] =
    linearBelow > 0
      ? [symlog(scale.low, linearBelow), symlog(scale.high, linearBelow), symlog(x, linearBelow)]
      : [scale.low, scale.high, x];
  // Halved first: the range of the largest float32 values is not one.
  return (at / 2 - low / 2) / (high / 2 - low / 2);
}

/** sign(x)·log1p(|x|/c): linear around zero, a logarithm beyond (Webber 2013). */
function symlog(x: number, linearBelow: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x) / linearBelow);
}

/** The number at a position on the scale. */
export function valueAt({ low, high, linearBelow }: ColorScale, position: number): number {
  if (linearBelow === 0) return low + (high - low) * position;
  const [from, to] = [symlog(low, linearBelow), symlog(high, linearBelow)];
  const at = from + (to - from) * position;
  return Math.sign(at) * Math.expm1(Math.abs(at)) * linearBelow;
}

/** Which of the colours a finite number has. */
export function colourOf(scale: ColorScale, x: number): number {
  const step = Math.floor(positionOn(scale, x) * colours);
  return step < 0 ? 0 : step >= colours ? colours - 1 : step;
}
