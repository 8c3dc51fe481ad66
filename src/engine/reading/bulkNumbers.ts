import { bulkFields, type BulkScanner } from '../../core/text/bulkScanner';
import { windowUnits } from '../../core/text/textWindow';
import { ok, type Result } from '../../core/problem';
import { kernelsOver, type CompiledKernels } from '../kernels/webAssembly';
import { threadMemory, type Block, type EngineMemory } from '../memory/engineMemory';

/** Numbers read between two looks of the reader in JavaScript: half a megabyte, which a cache holds. */
const room = 1 << 17;

/** 10⁰ … 10³⁰⁸. */
const powers = 309;

/** Bytes behind the text that the scanner may look at and write to. */
const spare = 64;

/** A bulk scanner with a window of its own; whoever opened it closes it. */
export interface OwnBulkScanner extends BulkScanner {
  close(): void;
}

/** Opens the compiled scanner over a part of the memory: about 1 MB until it is closed. */
export function openBulkNumbers(memory: EngineMemory): Result<OwnBulkScanner> {
  const text = windowUnits + spare;
  const allocated = memory.allocate(bulkFields * 4 + powers * 8 + room * 4 + text + spare * 4);
  return allocated.ok ? ok(overBlock(memory, kernelsOver(memory), allocated.value)) : allocated;
}

function overBlock(memory: EngineMemory, kernels: CompiledKernels, block: Block): OwnBulkScanner {
  const part = (after: number): Block => ({ address: block.address + after, bytes: 0 });
  const state = part(0);
  const table = part(aligned(bulkFields * 4));
  const into = part(table.address - block.address + aligned(powers * 8));
  const text = part(into.address - block.address + room * 4);
  const powerTable = memory.float64(table, powers);
  for (let k = 0; k < powers; k++) powerTable[k] = Number(`1e${k}`);
  return {
    bytes: memory.uint8(text, windowUnits),
    state: memory.int32(state, bulkFields),
    numbers: memory.float32(into, room),
    read: () => kernels.scanNumbers(text.address, state.address, table.address, into.address, room),
    asciiLength: bytes => {
      const address = memory.addressOf(bytes);
      return address === undefined ? undefined : kernels.asciiLength(address, bytes.length);
    },
    close: () => memory.free(block),
  };
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / spare) * spare;
}

/** A bulk scanner over this thread's memory; undefined where it has none: then JavaScript does. */
export function borrowBulkNumbers(): OwnBulkScanner | undefined {
  const memory = threadMemory();
  const opened = memory && openBulkNumbers(memory);
  return opened?.ok ? opened.value : undefined;
}
