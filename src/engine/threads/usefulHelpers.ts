import { availableParallelism } from 'node:os';

/** Threads that compute, the engine's own included: more would only wait for the memory. */
const mostThreads = 4;

/** Helpers that this machine has processors for. */
export function usefulHelpers(): number {
  return Math.min(availableParallelism(), mostThreads) - 1;
}
