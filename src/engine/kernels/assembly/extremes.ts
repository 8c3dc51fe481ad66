// Minima and maxima of columns, and of runs whose channels are columns. A NaN is neither.
//
// Of each 8 columns the totals are 64 bytes: 8 minima and 8 maxima. As those of moments, they are of a
// part, and mergeExtremes puts those of all parts together.
import { nextChannel, startOfRun } from './runs';

function clear(totals: usize, bytes: usize): void {
  const low = f32x4.splat(Infinity);
  const high = f32x4.splat(-Infinity);
  for (const end = totals + bytes; totals < end; totals += 64) {
    v128.store(totals, low, 0);
    v128.store(totals, low, 16);
    v128.store(totals, high, 32);
    v128.store(totals, high, 48);
  }
}

/** @param bytes of the totals of a part */
export function mergeExtremes(totals: usize, bytes: usize, parts: i32): void {
  let from = totals + bytes;
  for (let part = 1; part < parts; part++) {
    for (let into = totals; into < totals + bytes; into += 64) {
      v128.store(into, f32x4.pmin(v128.load(into, 0), v128.load(from, 0)), 0);
      v128.store(into, f32x4.pmin(v128.load(into, 16), v128.load(from, 16)), 16);
      v128.store(into, f32x4.pmax(v128.load(into, 32), v128.load(from, 32)), 32);
      v128.store(into, f32x4.pmax(v128.load(into, 48), v128.load(from, 48)), 48);
      from += 64;
    }
  }
}

/** @param width columns, a multiple of 8; @param tile rows looked at together */
export function rowExtremes(x: usize, rows: i32, width: i32, tile: i32, totals: usize): void {
  const stride = (<usize>width) << 2;
  clear(totals, stride << 1);
  for (let row = 0; row < rows; row += tile) {
    const height = min(tile, rows - row);
    const first = x + <usize>row * stride;
    for (let at: usize = 0; at < stride; at += 32) {
      groupExtremes(first + at, height, stride, totals + (at << 1));
    }
  }
}

function groupExtremes(x: usize, rows: i32, stride: usize, into: usize): void {
  let low0 = v128.load(into, 0);
  let low1 = v128.load(into, 16);
  let high0 = v128.load(into, 32);
  let high1 = v128.load(into, 48);
  for (const end = x + <usize>rows * stride; x < end; x += stride) {
    const a = v128.load(x, 0);
    const b = v128.load(x, 16);
    // These keep their first operand where the second is NaN.
    low0 = f32x4.pmin(low0, a);
    high0 = f32x4.pmax(high0, a);
    low1 = f32x4.pmin(low1, b);
    high1 = f32x4.pmax(high1, b);
  }
  v128.store(into, low0, 0);
  v128.store(into, low1, 16);
  v128.store(into, high0, 32);
  v128.store(into, high1, 48);
}

/** Which runs, is said as for `addRuns`. */
export function runExtremes(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  totals: usize,
): void {
  clear(totals, ((<usize>channels + 7) & ~7) << 3);
  let channel = from % channels;
  for (let run = from; run < to; run++) {
    const first = startOfRun(x, run, inner, begin);
    const into = totals + <usize>(channel >> 3) * 64 + ((<usize>(channel & 7)) << 2);
    oneRunExtremes(first, count, into);
    channel = nextChannel(channel, channels);
  }
}

function oneRunExtremes(x: usize, count: i32, into: usize): void {
  const end = x + ((<usize>count) << 2);
  const vectorsEnd = x + ((<usize>(count & ~7)) << 2);
  let low0 = f32x4.splat(Infinity);
  let low1 = low0;
  let high0 = f32x4.splat(-Infinity);
  let high1 = high0;
  for (; x < vectorsEnd; x += 32) {
    const a = v128.load(x, 0);
    const b = v128.load(x, 16);
    low0 = f32x4.pmin(low0, a);
    high0 = f32x4.pmax(high0, a);
    low1 = f32x4.pmin(low1, b);
    high1 = f32x4.pmax(high1, b);
  }
  let low = least(f32x4.pmin(low0, low1), load<f32>(into));
  let high = greatest(f32x4.pmax(high0, high1), load<f32>(into, 32));
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  store<f32>(into, low);
  store<f32>(into, high, 32);
}

function least(lanes: v128, other: f32): f32 {
  const pairs = f32x4.pmin(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
  return min(other, min(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1)));
}

function greatest(lanes: v128, other: f32): f32 {
  const pairs = f32x4.pmax(lanes, i32x4.shuffle(lanes, lanes, 2, 3, 0, 1));
  return max(other, max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1)));
}
