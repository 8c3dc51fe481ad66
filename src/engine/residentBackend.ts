import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { Block, EngineMemory } from './memory/engineMemory';

/**
 * tfjs's cpu backend with tensors that live in the engine's memory: their arrays are views of it, which
 * the kernels of either kind read, and their blocks go back to its pool when tfjs disposes them.
 */
export class ResidentBackend extends MathBackendCPU {
  private readonly blocks = new Map<object, Block>();

  constructor(private readonly home: EngineMemory | undefined) {
    super();
  }

  /** Lets a tensor's data own a block: the one that its array is a view of. */
  own(dataId: object, block: Block): void {
    this.blocks.set(dataId, block);
  }

  /** @returns whether the data are gone: others may still share them */
  override disposeData(dataId: object, force = false): boolean {
    const gone = super.disposeData(dataId, force);
    const block = gone ? this.blocks.get(dataId) : undefined;
    if (block !== undefined) {
      this.blocks.delete(dataId);
      this.home?.free(block);
    }
    return gone;
  }
}
