import { callPart } from '../callPart';
import type { KernelCalls, PartKernel, Pass } from '../pass';
import type { Device } from './device';
import type { Part, Walk } from './walk';

/**
 * A pass of which every part is one call of a compiled kernel, and reads and writes nothing that another
 * part writes: so any thread may do it. The few elements that are in no whole row are a part of
 * their own, the last one, which is a loop in JavaScript.
 */
export abstract class SimdPass implements Pass {
  readonly parts: number;

  constructor(
    protected readonly device: Device,
    protected readonly walk: Walk,
    protected readonly cuts: readonly Part[],
  ) {
    this.parts = cuts.length + (walk.whole < walk.size ? 1 : 0);
  }

  part(index: number, x: Float32Array, y: Float32Array): void {
    if (index === this.cuts.length) this.tail(x, y);
    else callPart(this.device.kernels, this.kernel(), this.argumentsOf(index, x, y));
  }

  calls(x: Float32Array, y: Float32Array): KernelCalls {
    const list = this.cuts.map((_, index) => this.argumentsOf(index, x, y));
    return { kernel: this.kernel(), list };
  }

  finish(): boolean {
    return false;
  }

  abstract dispose(): void;

  protected abstract kernel(): PartKernel;

  protected abstract argumentsOf(
    index: number,
    x: Float32Array,
    y: Float32Array,
  ): readonly number[];

  /** Does the elements from `walk.whole` on. */
  protected abstract tail(x: Float32Array, y: Float32Array): void;
}
