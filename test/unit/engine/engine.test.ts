import { afterAll, expect } from 'vitest';
import { threadMemory } from '../../../src/engine/memory/engineMemory';
import { describeCells } from './cellsSuite';
import { describeEngine } from './engineSuite';

describeEngine();
describeCells();

afterAll(() => expect(threadMemory()?.used).toBe(0));
