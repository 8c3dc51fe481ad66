// Totals of the columns of a matrix, in float64: each element is converted before anything is added.
// Eight columns at a time, because their sums and squares fill the registers; a few rows at a time,
// because so many lines the processor fetches ahead, and they are in its first-level cache for the next
// eight columns.
//
// Of each 8 columns the totals are 128 bytes: 8 sums and 8 sums of squares. They start at 0, so that a part
// may be done in any order and on any thread; mergeTotals puts those of all parts together.
import { No, Yes } from './choices';

const group: i32 = 8;
const groupBytes: usize = 128;

/**
 * @param x the first element
 * @param width columns, a multiple of 8; a row takes 4 · width bytes
 * @param tile rows looked at together
 */
export function addRows(x: usize, rows: i32, width: i32, tile: i32, totals: usize): void {
  eachGroup<No>(x, rows, width, tile, totals, 0);
}

/** Adds the totals of each further part to those of the first, in order. @param bytes of the totals of a part */
export function mergeTotals(totals: usize, bytes: usize, parts: i32): void {
  let from = totals + bytes;
  for (let part = 1; part < parts; part++) {
    for (let into = totals; into < totals + bytes; into += 32) {
      v128.store(into, f64x2.add(v128.load(into), v128.load(from)));
      v128.store(into, f64x2.add(v128.load(into, 16), v128.load(from, 16)), 16);
      from += 32;
    }
  }
}

/** @param shifts what to subtract from each column before it is summed (float64) */
export function addRowsShifted(
  x: usize,
  rows: i32,
  width: i32,
  tile: i32,
  totals: usize,
  shifts: usize,
): void {
  eachGroup<Yes>(x, rows, width, tile, totals, shifts);
}

function eachGroup<Shifted>(
  x: usize,
  rows: i32,
  width: i32,
  tile: i32,
  totals: usize,
  shifts: usize,
): void {
  const stride = (<usize>width) << 2;
  memory.fill(totals, 0, (<usize>width) << 4);
  for (let row = 0; row < rows; row += tile) {
    const height = min(tile, rows - row);
    const first = x + <usize>row * stride;
    let into = totals;
    for (let column = 0; column < width; column += group) {
      const at = first + ((<usize>column) << 2);
      addGroup<Shifted>(at, height, stride, into, shifts + ((<usize>column) << 3));
      into += groupBytes;
    }
  }
}

function addGroup<Shifted>(x: usize, rows: i32, stride: usize, into: usize, shifts: usize): void {
  let sum0 = v128.load(into, 0);
  let sum1 = v128.load(into, 16);
  let sum2 = v128.load(into, 32);
  let sum3 = v128.load(into, 48);
  let square0 = v128.load(into, 64);
  let square1 = v128.load(into, 80);
  let square2 = v128.load(into, 96);
  let square3 = v128.load(into, 112);
  for (const end = x + <usize>rows * stride; x < end; x += stride) {
    // Two at a time from memory: loading four and taking them apart costs more.
    let a0 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 0));
    let a1 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 8));
    let a2 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 16));
    let a3 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 24));
    if (isInteger<Shifted>()) {
      a0 = f64x2.sub(a0, v128.load(shifts, 0));
      a1 = f64x2.sub(a1, v128.load(shifts, 16));
      a2 = f64x2.sub(a2, v128.load(shifts, 32));
      a3 = f64x2.sub(a3, v128.load(shifts, 48));
    }
    sum0 = f64x2.add(sum0, a0);
    square0 = f64x2.add(square0, f64x2.mul(a0, a0));
    sum1 = f64x2.add(sum1, a1);
    square1 = f64x2.add(square1, f64x2.mul(a1, a1));
    sum2 = f64x2.add(sum2, a2);
    square2 = f64x2.add(square2, f64x2.mul(a2, a2));
    sum3 = f64x2.add(sum3, a3);
    square3 = f64x2.add(square3, f64x2.mul(a3, a3));
  }
  v128.store(into, sum0, 0);
  v128.store(into, sum1, 16);
  v128.store(into, sum2, 32);
  v128.store(into, sum3, 48);
  v128.store(into, square0, 64);
  v128.store(into, square1, 80);
  v128.store(into, square2, 96);
  v128.store(into, square3, 112);
}
