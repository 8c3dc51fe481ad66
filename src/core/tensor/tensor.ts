import type { Shape } from './shape';

/** The dtypes whose values Normscope holds; batch norm itself runs in float32 (float64 in the reference). */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A dense, row-major array of numbers. `data.length` is the product of `shape`. */
export interface Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: TensorData;
}

/** A tensor that lives in the engine: what it is, without its bytes. */
export interface TensorHandle {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The precision of a layer's arithmetic: what a framework would store its outputs and statistics in. */
export type Precision = 'float32' | 'float64';

/** Rounds a float64 result to what the given precision can hold. */
export function rounder(precision: Precision): (x: number) => number {
  return precision === 'float32' ? Math.fround : x => x;
}

const shortNames: Readonly<Record<DType, string>> = {
  float32: 'f32',
  float64: 'f64',
  int32: 'i32',
  bool: 'bool',
};

/** `f32` for `float32` and so on, as summaries print it. */
export function shortDType(dtype: DType): string {
  return shortNames[dtype];
}
