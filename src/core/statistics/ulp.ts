import type { TensorData } from '../tensor/tensor';

/** Buckets of a histogram of ULP distances: 0, 1, 2–3, 4–7, …, the last from 2³¹ on. */
export const ulpBuckets = 33;

/** Which bucket a distance belongs to. */
export function ulpBucket(distance: number): number {
  return distance === 0 ? 0 : 32 - Math.clz32(distance);
}

/** The distances of a bucket, both ends included. */
export function ulpBucketRange(bucket: number): readonly [from: number, to: number] {
  return bucket === 0 ? [0, 0] : [2 ** (bucket - 1), 2 ** bucket - 1];
}

/** The bits of values as float32, to which anything wider is rounded. */
export function float32Bits(values: TensorData): Int32Array {
  const held = values instanceof Float32Array ? values : Float32Array.from(values);
  return new Int32Array(held.buffer, held.byteOffset, held.length);
}

/**
 * How many float32 numbers lie from one to the other: neighbours are 1 apart, 0 and −0 are the same.
 * Neither may be NaN. Source: the integers of IEEE 754's bits are in the order of the numbers they stand for.
 */
export function ulpDistance(bitsA: number, bitsB: number): number {
  return Math.abs(ordered(bitsA) - ordered(bitsB));
}

/** −m for a negative number of magnitude bits m: without a branch, which random signs would mispredict. */
function ordered(bits: number): number {
  return (bits ^ ((bits >> 31) & 0x7fffffff)) + (bits >>> 31);
}
