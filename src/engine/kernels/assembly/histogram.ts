// The input's histogram, as histogram.ts (one folder up) describes it: counts of the elements clear of
// the edges of bins, the first value near each edge with its count, and the other near ones as strays.
// Four elements at a time, for as long as none is near an edge: one in five hundred is.
import { addLanes, clearLanes, countAt, firstsOfLanes } from './counts';
import { nextChannel, startOfRun } from './runs';

const bins: i32 = 16;

// Where the tables are, as the caller laid them out. Each of the first three has `bins` words for each
// channel, and `bins` more for columns that are to be left alone.
const clearAt: usize = 0;
const edgeValueAt: usize = 4;
const edgeCountAt: usize = 8;
/** The next stray goes here: a channel (int32) and a value (float32). */
const straysAt: usize = 12;
const straysEndAt: usize = 16;
const nearnessAt: usize = 20;
/** Four times `bins` counts, for the lanes of a run. */
const lanesAt: usize = 24;

/**
 * @param width elements of a row, a multiple of 4
 * @param columns `width` minima, as many bins per unit (float32), as many first bins (int32): those after
 *   the last channel's are for columns that are left alone
 */
export function countRows(x: usize, rows: i32, width: i32, columns: usize, tables: usize): void {
  const bytes = (<usize>width) << 2;
  const scales = columns + bytes;
  const firsts = scales + bytes;
  const clear = load<usize>(tables, clearAt);
  const nearness = f32x4.splat(load<f32>(tables, nearnessAt));
  for (let row = 0; row < rows; row++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const values = v128.load(x + at);
      const places = f32x4.mul(f32x4.sub(values, v128.load(columns + at)), v128.load(scales + at));
      const edges = i32x4.trunc_sat_f32x4_s(f32x4.add(places, f32x4.splat(0.5)));
      if (v128.any_true(areNear(places, edges, nearness))) {
        for (let lane: usize = 0; lane < 16; lane += 4) {
          const low = load<f32>(columns + at + lane);
          const scale = load<f32>(scales + at + lane);
          const first = load<i32>(firsts + at + lane);
          countOne(load<f32>(x + at + lane), low, scale, first, first, clear, tables);
        }
      } else {
        countFour(places, v128.load(firsts + at), clear);
      }
    }
    x += bytes;
  }
}

/**
 * Counts runs of elements that share a channel; which, is said as for `addRuns`.
 * @param columns as many minima as there are columns, then as many bins per unit and first bins
 * @param width columns: `channels`, or a few more
 */
export function countRuns(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  columns: usize,
  width: i32,
  tables: usize,
): void {
  const bytes = (<usize>width) << 2;
  let channel = from % channels;
  for (let run = from; run < to; run++) {
    const at = columns + ((<usize>channel) << 2);
    const first = startOfRun(x, run, inner, begin);
    const bin = load<i32>(at + 2 * bytes);
    countRun(first, count, load<f32>(at), load<f32>(at + bytes), bin, tables);
    channel = nextChannel(channel, channels);
  }
}

/** A run whose channel's first bin is `first`. */
function countRun(x: usize, elements: i32, low: f32, scale: f32, first: i32, tables: usize): void {
  const lanes = load<usize>(tables, lanesAt);
  clearLanes(lanes, bins);
  const firsts = firstsOfLanes(bins);
  const nearness = f32x4.splat(load<f32>(tables, nearnessAt));
  const lows = f32x4.splat(low);
  const scales = f32x4.splat(scale);
  const vectorsEnd = x + ((<usize>(elements & ~3)) << 2);
  const end = x + ((<usize>elements) << 2);
  for (; x < vectorsEnd; x += 16) {
    const places = f32x4.mul(f32x4.sub(v128.load(x), lows), scales);
    const edges = i32x4.trunc_sat_f32x4_s(f32x4.add(places, f32x4.splat(0.5)));
    if (v128.any_true(areNear(places, edges, nearness))) {
      for (let lane: usize = 0; lane < 16; lane += 4) {
        countOne(load<f32>(x + lane), low, scale, 0, first, lanes, tables);
      }
    } else {
      countFour(places, firsts, lanes);
    }
  }
  for (; x < end; x += 4) countOne(load<f32>(x), low, scale, 0, first, lanes, tables);
  addLanes(lanes, bins, load<usize>(tables, clearAt) + ((<usize>first) << 2));
}

function areNear(places: v128, edges: v128, nearness: v128): v128 {
  const distances = f32x4.abs(f32x4.sub(places, f32x4.convert_i32x4_s(edges)));
  const inside = v128.and(i32x4.gt_s(edges, i32x4.splat(0)), i32x4.lt_s(edges, i32x4.splat(bins)));
  return v128.and(f32x4.lt(distances, nearness), inside);
}

function countFour(places: v128, firsts: v128, counts: usize): void {
  const found = i32x4.min_s(i32x4.trunc_sat_f32x4_s(places), i32x4.splat(bins - 1));
  countAt(i32x4.shl(i32x4.add(found, firsts), 2), counts);
}

/**
 * @param first the first bin among the counts
 * @param slot the first slot among the edges, which is also that of the channel
 */
function countOne(
  value: f32,
  low: f32,
  scale: f32,
  first: i32,
  slot: i32,
  counts: usize,
  tables: usize,
): void {
  const place = (value - low) * scale;
  const edge = <i32>(place + 0.5);
  if (abs(place - <f32>edge) < load<f32>(tables, nearnessAt) && edge > 0 && edge < bins) {
    keepNear(slot + edge, slot, value, tables);
  } else {
    const bin = counts + ((<usize>(first + min(<i32>place, bins - 1))) << 2);
    store<u32>(bin, load<u32>(bin) + 1);
  }
}

function keepNear(slot: i32, first: i32, value: f32, tables: usize): void {
  const at = (<usize>slot) << 2;
  const edgeValue = load<usize>(tables, edgeValueAt) + at;
  const edgeCount = load<usize>(tables, edgeCountAt) + at;
  if (load<u32>(edgeCount) == 0) store<f32>(edgeValue, value);
  if (load<f32>(edgeValue) == value) {
    store<u32>(edgeCount, load<u32>(edgeCount) + 1);
    return;
  }
  const stray = load<usize>(tables, straysAt);
  // Past the end nothing is kept, and the caller sees it: then the whole histogram is given up.
  if (stray >= load<usize>(tables, straysEndAt)) return;
  store<i32>(stray, first / bins);
  store<f32>(stray, value, 4);
  store<usize>(tables, stray + 8, straysAt);
}
