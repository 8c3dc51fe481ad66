import { vi } from 'vitest';
import { describeCells } from './cellsSuite';
import { describeCompare } from './compareSuite';
import { describeEngine } from './engineSuite';

// As on a host without shared memory.
vi.mock(import('../../../src/engine/memory/engineMemory'), async original => ({
  ...(await original()),
  threadMemory: () => undefined,
}));

describeEngine();
describeCells();
describeCompare();
