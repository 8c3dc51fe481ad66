import type { CompiledModule, SharedMemory } from '../memory/hostWebAssembly';

/** What a helper thread is started with. */
export interface HelperData {
  readonly module: CompiledModule;
  readonly memory: SharedMemory;
  /** Of its job board. */
  readonly board: SharedArrayBuffer;
  /** Who it is on the board. */
  readonly holder: number;
}
