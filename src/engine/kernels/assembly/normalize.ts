// y = ((x − mean) − rest) · scale + beta in float32, operation by operation; kernels/affine.ts says why.

/** Bytes of the vectors of 4 columns: 4 means, rests, scales and betas. */
const groupBytes: usize = 64;

/**
 * Four rows at a time, which share what is loaded of the vectors.
 * @param width elements of a row, a multiple of 8
 * @param vectors for each 4 columns their 4 means, 4 rests, 4 scales and 4 betas: one stream, because
 *   vectors apart by a power of two would drive each other out of the first-level cache
 */
export function normalizeRows(x: usize, y: usize, rows: i32, width: i32, vectors: usize): void {
  const bytes = (<usize>width) << 2;
  const second = bytes;
  const third = 2 * bytes;
  const fourth = 3 * bytes;
  for (let row = 3; row < rows; row += 4) {
    let at = vectors;
    for (const end = x + bytes; x < end; x += 16) {
      const mean = v128.load(at, 0);
      const rest = v128.load(at, 16);
      const scale = v128.load(at, 32);
      const beta = v128.load(at, 48);
      const a = f32x4.sub(f32x4.sub(v128.load(x), mean), rest);
      const b = f32x4.sub(f32x4.sub(v128.load(x + second), mean), rest);
      const c = f32x4.sub(f32x4.sub(v128.load(x + third), mean), rest);
      const d = f32x4.sub(f32x4.sub(v128.load(x + fourth), mean), rest);
      v128.store(y, f32x4.add(f32x4.mul(a, scale), beta));
      v128.store(y + second, f32x4.add(f32x4.mul(b, scale), beta));
      v128.store(y + third, f32x4.add(f32x4.mul(c, scale), beta));
      v128.store(y + fourth, f32x4.add(f32x4.mul(d, scale), beta));
      y += 16;
      at += groupBytes;
    }
    x += fourth;
    y += fourth;
  }
  for (let left = rows & 3; left > 0; left--) {
    normalizeRow(x, y, bytes, vectors);
    x += bytes;
    y += bytes;
  }
}

function normalizeRow(x: usize, y: usize, bytes: usize, vectors: usize): void {
  for (const end = x + bytes; x < end; x += 16) {
    const a = f32x4.sub(f32x4.sub(v128.load(x), v128.load(vectors, 0)), v128.load(vectors, 16));
    v128.store(y, f32x4.add(f32x4.mul(a, v128.load(vectors, 32)), v128.load(vectors, 48)));
    y += 16;
    vectors += groupBytes;
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
    const offset = (<usize>run * <usize>inner + <usize>begin) << 2;
    const at = vectors + <usize>(channel >> 2) * groupBytes + ((<usize>(channel & 3)) << 2);
    normalizeRun(x + offset, y + offset, count, at);
    if (++channel == channels) channel = 0;
  }
}

function normalizeRun(x: usize, y: usize, count: i32, vectors: usize): void {
  const end = x + ((<usize>count) << 2);
  const vectorsEnd = x + ((<usize>(count & ~7)) << 2);
  const mean = load<f32>(vectors, 0);
  const rest = load<f32>(vectors, 16);
  const scale = load<f32>(vectors, 32);
  const beta = load<f32>(vectors, 48);
  const means = f32x4.splat(mean);
  const rests = f32x4.splat(rest);
  const scales = f32x4.splat(scale);
  const betas = f32x4.splat(beta);
  for (; x < vectorsEnd; x += 32) {
    const a = f32x4.sub(f32x4.sub(v128.load(x, 0), means), rests);
    const b = f32x4.sub(f32x4.sub(v128.load(x, 16), means), rests);
    v128.store(y, f32x4.add(f32x4.mul(a, scales), betas), 0);
    v128.store(y, f32x4.add(f32x4.mul(b, scales), betas), 16);
    y += 32;
  }
  for (; x < end; x += 4) {
    store<f32>(y, (load<f32>(x) - mean - rest) * scale + beta);
    y += 4;
  }
}
