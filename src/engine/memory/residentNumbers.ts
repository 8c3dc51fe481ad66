import { elementLimit, plainMemory, type NumberMemory } from '../../core/text/numberMemory';
import { threadMemory, type EngineMemory } from './engineMemory';

/** Memory for numbers while a text is read; whoever borrowed it disposes it. */
export interface BorrowedNumbers extends NumberMemory {
  /** Lets an array go: somebody has taken it over. */
  give(array: ArrayBufferView): void;
  /** Gives back every array that was not let go. */
  dispose(): void;
}

/** In the engine's memory, where arrays are tensors' data as they stand; else ordinary arrays. */
export function borrowNumbers(): BorrowedNumbers {
  const memory = threadMemory();
  if (memory !== undefined) return new ResidentNumbers(memory);
  return { ...plainMemory, give: () => undefined, dispose: () => undefined };
}

export class ResidentNumbers implements BorrowedNumbers {
  readonly limit = elementLimit;
  private readonly addresses = new Set<number>();

  constructor(private readonly memory: EngineMemory) {}

  allocate(length: number): Float32Array | undefined {
    const block = this.memory.allocate(length * 4);
    if (!block.ok) return undefined;
    this.addresses.add(block.value.address);
    return this.memory.float32(block.value, length);
  }

  release(array: Float32Array): void {
    this.give(array);
    this.memory.free({ address: array.byteOffset, bytes: array.byteLength });
  }

  trim(array: Float32Array, length: number): Float32Array {
    const block = { address: array.byteOffset, bytes: array.byteLength };
    return this.memory.float32(this.memory.shrink(block, length * 4), length);
  }

  give(array: ArrayBufferView): void {
    if (this.memory.addressOf(array) !== undefined) this.addresses.delete(array.byteOffset);
  }

  dispose(): void {
    for (const address of this.addresses) this.memory.free({ address, bytes: 0 });
    this.addresses.clear();
  }
}
