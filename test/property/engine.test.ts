import { expect, it } from 'vitest';
import { threadMemory } from '../../src/engine/memory/engineMemory';
import { holdEngineToReference } from './engineRuns';

it('the engine computes what the reference computes, whatever the shape, axis and numbers', async () => {
  await holdEngineToReference();
  expect(threadMemory()?.used).toBe(0);
}, 60_000);
