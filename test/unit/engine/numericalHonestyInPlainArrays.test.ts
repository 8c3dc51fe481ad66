import { vi } from 'vitest';
import { describeNumericalHonesty } from './numericalHonesty';

// As on a host without shared memory.
vi.mock(import('../../../src/engine/memory/engineMemory'), async original => ({
  ...(await original()),
  threadMemory: () => undefined,
}));

describeNumericalHonesty();
