import { ok, type Result } from '../../core/problem';
import type { Block, EngineMemory } from './engineMemory';

/** Allocates several blocks, or none. @param sizes bytes of each */
export function allocateBlocks<K extends string>(
  memory: EngineMemory,
  sizes: Readonly<Record<K, number>>,
): Result<Readonly<Record<K, Block>>> {
  const blocks: Partial<Record<K, Block>> = {};
  for (const [name, bytes] of Object.entries(sizes) as [K, number][]) {
    const block = memory.allocate(bytes);
    if (!block.ok) {
      freeBlocks(memory, blocks);
      return block;
    }
    blocks[name] = block.value;
  }
  return ok(blocks as Readonly<Record<K, Block>>);
}

export function freeBlocks(
  memory: EngineMemory,
  blocks: Readonly<Partial<Record<string, Block>>>,
): void {
  for (const block of Object.values(blocks)) if (block !== undefined) memory.free(block);
}
