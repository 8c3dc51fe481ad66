// The one memory that tensors, kernels and readers share: a reader that writes its numbers here has made
// a tensor's data, and no kernel ever copies.
//
//   const memory = threadMemory();                  undefined where the host has no shared memory
//   const block = memory.allocate(4 * count);       a Result: out of memory is a problem to show
//   const values = memory.float32(block, count);    a view; it stays valid while the memory grows
//   kernels.something(block.address, count);        the same bytes, as WebAssembly sees them
//   memory.shrink(block, bytes);                    gives its tail back
//   memory.free(block);                             pooled: the next of its size gets the same bytes
//
// Bytes of a new block are whatever was there before. Blocks start at multiples of 64. Only what was ever
// written takes room in the machine, but it is given back only when the thread ends.
import { fail, ok, type Result } from '../../core/problem';
import { FreeList, type Span } from './freeList';
import { hostWebAssembly, type SharedMemory } from './hostWebAssembly';

/** An allocated part of the memory; `bytes` as it was asked for. */
export type Block = Span;

const pageBytes = 65_536;

/** What scripts/webAssembly.js compiles the kernels for: 4 GiB at most, 1 MiB at first. */
const pages = { initial: 16, maximum: 65_536 };

/** Blocks start and end at a multiple of this: a cache line. */
const alignment = 64;

/**
 * Blocks from `from` bytes on take a line less than whole pages. Tensors are often powers of two long: an output
 * right behind its input would else have every line in the same places of the caches as the input's, and
 * a pass that reads one and writes the other takes a fifth longer (docs/decisions/0022-kernels.md).
 */
const staggered = { from: 1 << 20, page: 4096 };

/** Bytes at the start for the kernels' own constants, with room to spare: kernels/webAssembly.ts checks. */
export const reservedBytes = 131_072;

let shared: EngineMemory | 'none' | undefined;

/** This thread's memory, opened on first use; undefined where the host does not have such a thing. */
export function threadMemory(): EngineMemory | undefined {
  shared ??= openMemory() ?? 'none';
  return shared === 'none' ? undefined : shared;
}

/** @returns undefined where the host does not allow shared memory, or has no room to reserve it */
export function openMemory(): EngineMemory | undefined {
  try {
    return new EngineMemory(new hostWebAssembly.Memory({ ...pages, shared: true }));
  } catch (error) {
    // A host without shared memory says TypeError, one without address space RangeError.
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}

export class EngineMemory {
  /** Bytes of all blocks together. */
  used = 0;
  private readonly spare = new FreeList();
  /** Allocated bytes of each block, by its address. */
  private readonly blocks = new Map<number, number>();
  /** A shared memory that grew has a new buffer over the same bytes; the ones before stay valid. */
  private readonly buffers = new WeakSet();

  /** @param limit bytes that the memory may grow to */
  constructor(
    readonly memory: SharedMemory,
    // Not the last page: there an address just past a block would be 2³², which is 0 to the kernels.
    readonly limit = (pages.maximum - 1) * pageBytes,
  ) {
    const end = memory.buffer.byteLength;
    this.spare.give({ address: reservedBytes, bytes: end - reservedBytes });
  }

  /** @returns the problem `out-of-memory`, with what was asked for and what there is */
  allocate(bytes: number): Result<Block> {
    const size = sizeOfBlock(bytes);
    const address = this.spare.take(size) ?? (this.grow(size) ? this.spare.take(size) : undefined);
    if (address === undefined) return this.outOfMemory(bytes);
    this.blocks.set(address, size);
    this.used += size;
    return ok({ address, bytes });
  }

  free({ address }: Block): void {
    const bytes = this.blocks.get(address);
    if (bytes === undefined) throw new Error(`no block starts at ${address}`);
    this.blocks.delete(address);
    this.used -= bytes;
    this.spare.give({ address, bytes });
  }

  /** Gives back what follows the first `bytes`: the block is that much shorter. */
  shrink({ address }: Block, bytes: number): Block {
    const before = this.blocks.get(address);
    if (before === undefined) throw new Error(`no block starts at ${address}`);
    const after = sizeOfBlock(bytes);
    if (after < before) {
      this.blocks.set(address, after);
      this.used -= before - after;
      this.spare.give({ address: address + after, bytes: before - after });
    }
    return { address, bytes };
  }

  float32({ address }: Block, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.buffer(), address, length);
  }

  float64({ address }: Block, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.buffer(), address, length);
  }

  int32({ address }: Block, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.buffer(), address, length);
  }

  uint8({ address }: Block, length: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.buffer(), address, length);
  }

  /** Where a view of this memory starts; undefined for an array that lives elsewhere. */
  addressOf(array: ArrayBufferView): number | undefined {
    return this.buffers.has(array.buffer) ? array.byteOffset : undefined;
  }

  /** The block that starts where a view does, for whoever kept the view alone. */
  blockOf(array: ArrayBufferView): Block | undefined {
    const address = this.addressOf(array);
    const bytes = address === undefined ? undefined : this.blocks.get(address);
    return address === undefined || bytes === undefined ? undefined : { address, bytes };
  }

  /** Its size now, in pages of 64 KiB. */
  get pages(): number {
    return this.memory.buffer.byteLength / pageBytes;
  }

  private buffer(): SharedArrayBuffer {
    const { buffer } = this.memory;
    this.buffers.add(buffer);
    return buffer;
  }

  private grow(bytes: number): boolean {
    const end = this.memory.buffer.byteLength;
    const missing = bytes - this.spare.endingAt(end);
    const more = Math.ceil(missing / pageBytes);
    if (end + more * pageBytes > this.limit) return false;
    try {
      this.memory.grow(more);
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.spare.give({ address: end, bytes: more * pageBytes });
    return true;
  }

  private outOfMemory(bytes: number): Result<never> {
    return fail(
      'out-of-memory',
      `There is not enough memory for ${bytes} bytes: the engine has ${this.limit}, of which ${this.used} are in use. Close other inspections, or use a part of the tensor.`,
    );
  }
}

/** Bytes that a block takes. */
function sizeOfBlock(bytes: number): number {
  const { from, page } = staggered;
  if (bytes < from) return Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
  return Math.ceil((bytes + alignment) / page) * page - alignment;
}
