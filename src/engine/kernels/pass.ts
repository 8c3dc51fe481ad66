/** Work over all of a tensor, in parts: between two of them others get their turn. */
export interface Pass {
  readonly parts: number;
  /**
   * Does one part. They come in order, but for those that `calls` has, which come before the others.
   * @param x the tensor's elements
   * @param y the output's, where there is one
   */
  part(index: number, x: Float32Array, y: Float32Array): void;
  /** Takes the totals of all parts. @returns whether every part must be done once more */
  finish(): boolean;
  /** Gives back what the pass has borrowed, finished or not. */
  dispose(): void;
  /** The parts, from the first one on, that may be done in any order and on any thread. */
  calls?(x: Float32Array, y: Float32Array): KernelCalls;
}

/** Parts that are each one call of a compiled kernel over the engine's memory. */
export interface KernelCalls {
  /** The name by which the compiled module exports it. */
  readonly kernel: PartKernel;
  /** The arguments of each call: addresses and counts. */
  readonly list: readonly (readonly number[])[];
}

/** Kernels of which a call is a part. Each writes nothing that another part reads or writes. */
export const partKernels = [
  'addRows',
  'addRowsShifted',
  'addRuns',
  'addRunsShifted',
  'rowExtremes',
  'runExtremes',
  'normalizeRows',
  'normalizeRuns',
  'binRows',
  'binRuns',
] as const;

export type PartKernel = (typeof partKernels)[number];
