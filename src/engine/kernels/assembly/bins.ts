// Counts of values in equal bins, exactly those of core/statistics/histogram.ts. Four elements at a time in float32,
// for as long as none is near an edge of a bin; those that are, and those that are not finite, are placed one by one
// in float64.
import { addLanes, clearLanes, countAt, firstsOfLanes } from './counts';
import { nextChannel, startOfRun } from './runs';

/** How near an edge is near, in bins: float32 places are off by a fiftieth of that at most. */
const nearness: f32 = 0.0009765625;

/** Counts after the bins, and the one before them. */
const below: i32 = 1;

/** Runs at least this long have counts for each lane. */
const longRun: i32 = 1024;

/**
 * @param columns for each column: its low (float32), its bins per unit (float32, 0 where that is no number: never NaN), its
 *   first count (int32), then its low and its high in float64
 * @param counts of this part
 */
export function binRows(
  x: usize,
  rows: i32,
  width: i32,
  bins: i32,
  columns: usize,
  counts: usize,
): void {
  const bytes = (<usize>width) << 2;
  const scales = columns + bytes;
  const firsts = scales + bytes;
  const lows = firsts + bytes;
  const highs = lows + 2 * bytes;
  const last = f32x4.splat(<f32>bins);
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const apart = f32x4.sub(v128.load(x + at), v128.load(columns + at));
      const places = f32x4.mul(apart, v128.load(scales + at));
      const floors = f32x4.floor(places);
      if (areClear(apart, places, floors)) {
        countFour(floors, firstsOf(v128.load(firsts + at)), last, counts);
      } else {
        for (let lane: usize = 0; lane < 16; lane += 4) {
          const column = at + lane;
          countOne(
            load<f32>(x + column),
            load<f64>(lows + 2 * column),
            load<f64>(highs + 2 * column),
            bins,
            counts + ((<usize>load<i32>(firsts + column)) << 2),
          );
        }
      }
    }
    x += bytes;
  }
}

/**
 * Counts runs of elements that share a channel; which, is said as for `addRuns`.
 * @param width columns: `channels`, or a few more
 * @param lanes room for the counts of four lanes
 */
export function binRuns(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  bins: i32,
  columns: usize,
  width: i32,
  counts: usize,
  lanes: usize,
): void {
  const bytes = (<usize>width) << 2;
  let channel = from % channels;
  for (let run = from; run < to; run++) {
    const column = (<usize>channel) << 2;
    const first = startOfRun(x, run, inner, begin);
    const table = columns + column;
    binRun(
      first,
      count,
      load<f32>(table),
      load<f32>(table + bytes),
      load<f64>(columns + 3 * bytes + 2 * column),
      load<f64>(columns + 5 * bytes + 2 * column),
      bins,
      counts + ((<usize>load<i32>(table + 2 * bytes)) << 2),
      lanes,
    );
    channel = nextChannel(channel, channels);
  }
}

function binRun(
  x: usize,
  elements: i32,
  low: f32,
  scale: f32,
  low64: f64,
  high64: f64,
  bins: i32,
  counts: usize,
  lanes: usize,
): void {
  const slots = bins + 5;
  const isLong = elements >= longRun;
  const table = isLong ? lanes : counts;
  if (isLong) clearLanes(lanes, slots);
  const firsts = firstsOf(firstsOfLanes(isLong ? slots : 0));
  const lows = f32x4.splat(low);
  const scales = f32x4.splat(scale);
  const last = f32x4.splat(<f32>bins);
  const vectorsEnd = x + ((<usize>(elements & ~3)) << 2);
  const end = x + ((<usize>elements) << 2);
  for (; x < vectorsEnd; x += 16) {
    const apart = f32x4.sub(v128.load(x), lows);
    const places = f32x4.mul(apart, scales);
    const floors = f32x4.floor(places);
    if (areClear(apart, places, floors)) {
      countFour(floors, firsts, last, table);
    } else {
      for (let lane: usize = 0; lane < 16; lane += 4) {
        countOne(load<f32>(x + lane), low64, high64, bins, counts);
      }
    }
  }
  for (; x < end; x += 4) countOne(load<f32>(x), low64, high64, bins, counts);
  if (isLong) addLanes(lanes, slots, counts);
}

/** Whether all four are numbers, and clear of every edge or exactly on the first one. @param floors of the places */
function areClear(apart: v128, places: v128, floors: v128): bool {
  const fromMiddle = f32x4.abs(f32x4.sub(f32x4.sub(places, floors), f32x4.splat(0.5)));
  const clear = f32x4.lt(fromMiddle, f32x4.splat(0.5 - nearness));
  return i32x4.bitmask(v128.or(clear, f32x4.eq(apart, f32x4.splat(0)))) == 15;
}

/**
 * Whole float32 numbers of 22 bits become integers by an addition: what is left of 1.5 · 2²³ in the bits of the sum is
 * taken off in `firstsOf`. A saturating conversion takes six instructions.
 */
const integerBits: f32 = 12582912;

/** A vector's part of `firsts`: the count of the first bin among those of a channel, less the bits of the addition. */
function firstsOf(counts: v128): v128 {
  return i32x4.add(counts, i32x4.splat(below - 0x4b400000));
}

function countFour(floors: v128, firsts: v128, last: v128, counts: usize): void {
  const found = f32x4.pmin(f32x4.pmax(floors, f32x4.splat(-1)), last);
  countAt(i32x4.shl(i32x4.add(f32x4.add(found, f32x4.splat(integerBits)), firsts), 2), counts);
}

/** `slotOf` of core/statistics/histogram.ts. @param counts of the value's channel */
function countOne(value: f32, low: f64, high: f64, bins: i32, counts: usize): void {
  const at = counts + ((<usize>slotOf(<f64>value, low, high, bins)) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function slotOf(x: f64, low: f64, high: f64, bins: i32): i32 {
  if (x != x) return bins + 2;
  if (x == Infinity) return bins + 3;
  if (x == -Infinity) return bins + 4;
  if (x < low) return 0;
  if (x > high) return bins + 1;
  const step = (high - low) / <f64>bins;
  if (!(step > 0)) return below;
  let bin = min(bins - 1, <i32>((x - low) / step));
  if (x < low + <f64>bin * step) bin--;
  else if (bin < bins - 1 && x >= low + <f64>(bin + 1) * step) bin++;
  return below + bin;
}
