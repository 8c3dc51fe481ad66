// Totals of runs of elements that share a channel, in float64. They are laid out as those of columns are
// (rowMoments.ts), so that a channel is a column.
import { No, Yes } from './choices';
import { nextChannel, startOfRun } from './runs';

/**
 * Sums of runs, into the totals of their channels; those of channels without a run are 0.
 * @param x the tensor's first element
 * @param from the first run; run r belongs to channel r mod `channels`
 * @param to the last run, exclusive
 * @param inner elements of a run
 * @param begin the first element of each run that is added
 * @param count how many are added
 */
export function addRuns(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  totals: usize,
): void {
  eachRun<No>(x, from, to, channels, inner, begin, count, totals, 0);
}

/** @param shifts what to subtract from each channel before it is summed (float64) */
export function addRunsShifted(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  totals: usize,
  shifts: usize,
): void {
  eachRun<Yes>(x, from, to, channels, inner, begin, count, totals, shifts);
}

function eachRun<Shifted>(
  x: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  totals: usize,
  shifts: usize,
): void {
  memory.fill(totals, 0, ((<usize>channels + 7) & ~7) << 4);
  let channel = from % channels;
  for (let run = from; run < to; run++) {
    const first = startOfRun(x, run, inner, begin);
    const into = totals + <usize>(channel >> 3) * 128 + ((<usize>(channel & 7)) << 3);
    const shift = isInteger<Shifted>() ? load<f64>(shifts + ((<usize>channel) << 3)) : 0;
    addRun<Shifted>(first, count, into, shift);
    channel = nextChannel(channel, channels);
  }
}

function addRun<Shifted>(x: usize, count: i32, into: usize, shift: f64): void {
  const end = x + ((<usize>count) << 2);
  const vectorsEnd = x + ((<usize>(count & ~7)) << 2);
  const shifts = f64x2.splat(shift);
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let square0 = sum0;
  let square1 = sum0;
  let square2 = sum0;
  let square3 = sum0;
  for (; x < vectorsEnd; x += 32) {
    let a0 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 0));
    let a1 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 8));
    let a2 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 16));
    let a3 = f64x2.promote_low_f32x4(v128.load_zero<u64>(x, 24));
    if (isInteger<Shifted>()) {
      a0 = f64x2.sub(a0, shifts);
      a1 = f64x2.sub(a1, shifts);
      a2 = f64x2.sub(a2, shifts);
      a3 = f64x2.sub(a3, shifts);
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
  const sums = f64x2.add(f64x2.add(sum0, sum1), f64x2.add(sum2, sum3));
  const squares = f64x2.add(f64x2.add(square0, square1), f64x2.add(square2, square3));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  let square = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
  for (; x < end; x += 4) {
    let value = <f64>load<f32>(x);
    if (isInteger<Shifted>()) value -= shift;
    sum += value;
    square += value * value;
  }
  store<f64>(into, load<f64>(into) + sum);
  store<f64>(into, load<f64>(into, 64) + square, 64);
}
