import type { PartKernel } from './pass';

/** Calls a kernel by its name. @param kernels what the compiled module exports */
export function callPart(kernels: object, kernel: PartKernel, call: readonly number[]): void {
  const named = kernels as Readonly<Record<PartKernel, (...call: readonly number[]) => void>>;
  named[kernel](...call);
}
