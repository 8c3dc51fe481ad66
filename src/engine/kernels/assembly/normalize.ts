// y = (x − mean) · scale + beta in float32, operation by operation; kernels/affine.ts says why.
import { nextChannel, startOfRun } from './runs';

/** Bytes of the vectors of 4 columns: 4 means, scales and betas. */
const groupBytes: usize = 48;

/**
 * Columns whose vectors stay in the first-level cache beside a row that passes through it: then one row after the
 * other is fastest, a single stream that the processor fetches ahead.
 */
const cachedColumns: i32 = 1024;

/**
 * @param width elements of a row, a multiple of 8
 * @param vectors for each 4 columns their 4 means, 4 scales and 4 betas: one stream, because vectors
 *   apart by a power of two would drive each other out of the first-level cache
 */
export function normalizeRows(x: usize, y: usize, rows: i32, width: i32, vectors: usize): void {
  const bytes = (<usize>width) << 2;
  let left = rows;
  if (width > cachedColumns) {
    for (; left >= 4; left -= 4) {
      normalizeFourRows(x, y, bytes, vectors);
      x += 4 * bytes;
      y += 4 * bytes;
    }
  }
  for (; left > 0; left--) {
    normalizeRow(x, y, bytes, vectors);
    x += bytes;
    y += bytes;
  }
}

/** Four rows at a time, which share what is loaded of the vectors. */
function normalizeFourRows(x: usize, y: usize, bytes: usize, vectors: usize): void {
  const second = bytes;
  const third = 2 * bytes;
  const fourth = 3 * bytes;
  for (const end = x + bytes; x < end; x += 16) {
    const mean = v128.load(vectors, 0);
    const scale = v128.load(vectors, 16);
    const beta = v128.load(vectors, 32);
    const a = f32x4.sub(v128.load(x), mean);
    const b = f32x4.sub(v128.load(x + second), mean);
    const c = f32x4.sub(v128.load(x + third), mean);
    const d = f32x4.sub(v128.load(x + fourth), mean);
    v128.store(y, f32x4.add(f32x4.mul(a, scale), beta));
    v128.store(y + second, f32x4.add(f32x4.mul(b, scale), beta));
    v128.store(y + third, f32x4.add(f32x4.mul(c, scale), beta));
    v128.store(y + fourth, f32x4.add(f32x4.mul(d, scale), beta));
    y += 16;
    vectors += groupBytes;
  }
}

function normalizeRow(x: usize, y: usize, bytes: usize, vectors: usize): void {
  for (const end = x + bytes; x < end; x += 32) {
    const a = f32x4.mul(f32x4.sub(v128.load(x, 0), v128.load(vectors, 0)), v128.load(vectors, 16));
    const b = f32x4.mul(
      f32x4.sub(v128.load(x, 16), v128.load(vectors, 48)),
      v128.load(vectors, 64),
    );
    v128.store(y, f32x4.add(a, v128.load(vectors, 32)), 0);
    v128.store(y, f32x4.add(b, v128.load(vectors, 80)), 16);
    y += 32;
    vectors += 2 * groupBytes;
  }
}

/** Normalises runs of elements that share a channel; which, is said as for `addRuns`. */
export function normalizeRuns(
  x: usize,
  y: usize,
  from: i32,
  to: i32,
  channels: i32,
  inner: i32,
  begin: i32,
  count: i32,
  vectors: usize,
): void {
  let channel = from % channels;
  for (let run = from; run < to; run++) {
    const offset = startOfRun(0, run, inner, begin);
    const at = vectors + <usize>(channel >> 2) * groupBytes + ((<usize>(channel & 3)) << 2);
    normalizeRun(x + offset, y + offset, count, at);
    channel = nextChannel(channel, channels);
  }
}

function normalizeRun(x: usize, y: usize, count: i32, vectors: usize): void {
  const end = x + ((<usize>count) << 2);
  const vectorsEnd = x + ((<usize>(count & ~7)) << 2);
  const mean = load<f32>(vectors, 0);
  const scale = load<f32>(vectors, 16);
  const beta = load<f32>(vectors, 32);
  const means = f32x4.splat(mean);
  const scales = f32x4.splat(scale);
  const betas = f32x4.splat(beta);
  for (; x < vectorsEnd; x += 32) {
    const a = f32x4.mul(f32x4.sub(v128.load(x, 0), means), scales);
    const b = f32x4.mul(f32x4.sub(v128.load(x, 16), means), scales);
    v128.store(y, f32x4.add(a, betas), 0);
    v128.store(y, f32x4.add(b, betas), 16);
    y += 32;
  }
  for (; x < end; x += 4) {
    store<f32>(y, (load<f32>(x) - mean) * scale + beta);
    y += 4;
  }
}
