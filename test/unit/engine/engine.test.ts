import { afterAll, expect } from 'vitest';
import { threadMemory } from '../../../src/engine/memory/engineMemory';
import { describeEngine } from './engineSuite';

describeEngine();

afterAll(() => expect(threadMemory()?.used).toBe(0));
