/** Positions along one axis, all of them within it: `start`, `start + step`, …, `count` of them. */
export interface AxisRange {
  readonly start: number;
  /** Not 0; negative runs backwards. */
  readonly step: number;
  /** 0 is an empty range. */
  readonly count: number;
}

/** NumPy's `start:stop:step`, as written; what is left out is undefined. */
export interface WrittenRange {
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly step?: number | undefined;
}

export function wholeAxis(size: number): AxisRange {
  return { start: 0, step: 1, count: size };
}

/**
 * The positions that a range means on an axis of this size, by the rules of Python's `slice.indices`: negative
 * bounds count from the end, bounds beyond the axis are cut, and no range is out of bounds.
 * @param range its step is not 0
 */
export function resolveRange(size: number, range: WrittenRange): AxisRange {
  const step = range.step ?? 1;
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (written: number): number =>
    Math.min(Math.max(written < 0 ? written + size : written, lowest), highest);
  const start = range.start === undefined ? (step > 0 ? lowest : highest) : bound(range.start);
  const stop = range.stop === undefined ? (step > 0 ? highest : lowest) : bound(range.stop);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  return { start: count === 0 ? 0 : start, step, count };
}

/** The position of the i-th element of a range. */
export function positionAt({ start, step }: AxisRange, i: number): number {
  return start + i * step;
}

/** Which element of a range has this position, or −1. */
export function indexOfPosition({ start, step, count }: AxisRange, position: number): number {
  const i = (position - start) / step;
  return Number.isInteger(i) && i >= 0 && i < count ? Math.abs(i) : -1;
}

/** The shortest text that NumPy reads as the same positions on an axis of this size: `:`, `2:`, `::2`, `::-1`. */
export function formatRange({ start, step, count }: AxisRange, size: number): string {
  if (count === 0) return size === 0 ? ':' : '0:0';
  const first = start === (step > 0 ? 0 : size - 1) ? '' : String(start);
  const next = start + count * step;
  const last = next < 0 || next >= size ? '' : String(next - step + Math.sign(step));
  return step === 1 ? `${first}:${last}` : `${first}:${last}:${step}`;
}
