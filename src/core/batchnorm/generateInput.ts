import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** What an input is generated from: a layer's moving statistics, one number a channel. */
export interface GenerateRequest {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Of the input to make: its channel axis has one entry a channel. */
  readonly shape: Shape;
  readonly channelAxis: number;
  /** The same seed gives the same numbers, on every machine. */
  readonly seed: number;
}

export interface Generated {
  readonly tensor: Tensor;
  /** Channels whose statistics nothing can be drawn from, and which got mean 0 and variance 1 instead. */
  readonly replaced: readonly number[];
}

/** Elements of a generated input at most: drawing them takes some 10 ms. */
const mostElements = 1 << 18;

/**
 * A batch of 8 images of 8 × 8, 512 values a channel: enough that batch statistics are near the moving ones,
 * few enough to be instant. Layers of very many channels get smaller images.
 * @param axis the channel axis: 1 is NCHW, 3 or −1 NHWC, 2 a sequence, 4 a volume
 */
export function generatedShape(channels: number, axis: number): Shape {
  let side = 8;
  while (side > 1 && 8 * side * side * channels > mostElements) side /= 2;
  switch (axis) {
    case 1:
    case -3:
      return [8, channels, side, side];
    case 2:
      return [8, side * side, channels];
    case 4:
      return [8, side, side, 1, channels];
    default:
      return [8, side, side, channels];
  }
}

/** Draws every channel from a normal distribution with its mean and variance, in float32. */
export function generateInput(request: GenerateRequest): Generated {
  const { mean, variance, shape, channelAxis, seed } = request;
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const inner = shape.slice(channelAxis + 1).reduce((product, dimension) => product * dimension, 1);
  const channels = mean.length;
  const drawable = Array.from({ length: channels }, (_, c) => canDraw(mean[c], variance[c]));
  const centre = mean.map((x, c) => (drawable[c] === true ? x : 0));
  const spread = variance.map((x, c) => (drawable[c] === true ? Math.sqrt(x) : 1));
  const data = new Float32Array(size);
  const normal = normalNumbers(seed);
  for (let i = 0; i < size; i++) {
    const c = Math.floor(i / inner) % channels;
    data[i] = (centre[c] as number) + (spread[c] as number) * normal();
  }
  const replaced = drawable.flatMap((fine, c) => (fine ? [] : [c]));
  return { tensor: { shape, dtype: 'float32', data }, replaced };
}

function canDraw(mean: number | undefined, variance: number | undefined): boolean {
  return Number.isFinite(mean) && Number.isFinite(variance) && (variance as number) >= 0;
}

/** Standard normal numbers: Marsaglia's polar method over {@link uniformNumbers}. */
function normalNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
}

/** Numbers in [0, 1): mulberry32 (Tommy Ettinger), which passes gjrand. */
function uniformNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
