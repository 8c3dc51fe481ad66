import { threadMemory, type EngineMemory } from '../../memory/engineMemory';
import { kernelsOver, type CompiledKernels } from '../webAssembly';

/** The memory that tensors live in, and the kernels over it. */
export interface Device {
  readonly memory: EngineMemory;
  readonly kernels: CompiledKernels;
}

/** This thread's; undefined where the host has no shared memory: then tensors are ordinary arrays. */
export function threadDevice(): Device | undefined {
  const memory = threadMemory();
  return memory && { memory, kernels: kernelsOver(memory) };
}
