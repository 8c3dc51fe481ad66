import { expect, it } from 'vitest';
import { kernelsOver } from '../../../../src/engine/kernels/webAssembly';
import { openMemory, reservedBytes } from '../../../../src/engine/memory/engineMemory';

it('the kernels leave the memory to the allocator', () => {
  const memory = openMemory();
  if (memory === undefined) throw new Error('Node allows shared memory');
  const kernels = kernelsOver(memory);
  expect(kernels.heapBase()).toBeGreaterThanOrEqual(0);
  expect(kernels.heapBase()).toBeLessThanOrEqual(reservedBytes);
});
