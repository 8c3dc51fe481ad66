import { expect, it, vi } from 'vitest';
import { threadMemory } from '../../src/engine/memory/engineMemory';
import { holdEngineToReference } from './engineRuns';

// As on a host without shared memory.
vi.mock(import('../../src/engine/memory/engineMemory'), async original => ({
  ...(await original()),
  threadMemory: () => undefined,
}));

it('the engine computes the same without its memory and the compiled kernels', async () => {
  expect(threadMemory()).toBeUndefined();
  await holdEngineToReference();
}, 60_000);
