/** Where arrays of numbers are kept while they are read: plain arrays, or the engine's memory. */
export interface NumberMemory {
  /** Numbers of the longest array. */
  readonly limit: number;
  /** @returns undefined where there is no memory for so many */
  allocate(length: number): Float32Array | undefined;
  /** Gives an array back. */
  release(array: Float32Array): void;
  /** Gives back what follows the first `length` numbers. @returns the array of those */
  trim(array: Float32Array, length: number): Float32Array;
}

/** Elements of the largest tensor: 1 GiB of float32, and as much again for the output. */
export const elementLimit = 1 << 28;

/** Plain arrays. */
export const plainMemory: NumberMemory = {
  limit: elementLimit,
  allocate: length => {
    try {
      return new Float32Array(length);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return undefined;
    }
  },
  release: () => undefined,
  // What was never written to takes no memory, but is counted: a copy where that is more than an eighth.
  trim: (array, length) =>
    length > 1 << 16 && array.length - length <= length / 8
      ? array.subarray(0, length)
      : array.slice(0, length),
};
